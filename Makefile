# Rounds. `make` lists the targets; each is explained by the ## comment beside it.

GO      ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  = -s -w -X main.version=$(VERSION)
SYSTEMS  = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64

export CGO_ENABLED = 0

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## the demo: the whole bot in a web page, no account needed
	$(GO) run ./cmd/rounds demo

.PHONY: tools
tools: ## install what the tests drive: Chromium and redis-server (Debian and Ubuntu)
	@sh .ci/tools

.PHONY: test
test: tools vet cross ## everything: vet, cross-compile, every test with nothing skipped
	@sh .ci/test

.PHONY: check
check: vet ## the quick half of test, for between edits: vet and the short packages
	$(GO) test ./bot ./bot/chart ./bot/fit ./bot/service ./school/... ./answers ./cards ./seeds ./handlers ./reminders

.PHONY: vet
vet: ## gofmt and go vet
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "gofmt would change:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...

.PHONY: lint
lint: ## golangci-lint with .golangci.yml, where it is installed
	golangci-lint run ./...

.PHONY: race
race: ## every test under the race detector (needs cgo)
	CGO_ENABLED=1 $(GO) test -race ./...

.PHONY: update
update: ## rewrite golden files and conversations; read the diff before you commit it
	$(GO) test ./bot/... ./cards ./handlers ./reminders ./cmd/rounds -update

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME each (30s)
	@sh .ci/fuzz $(or $(FUZZTIME),30s)

.PHONY: bench
bench: ## the benchmarks whose figures stand in docs/measurements.md
	$(GO) test -run '^$$' -bench . -benchmem ./school/... ./answers ./bot/slackbot ./reminders ./cmd/rounds

.PHONY: kills
kills: ## kill -9 a serving process KILLS times (100) and look that nothing acknowledged is missing and nothing is posted twice
	$(GO) test -count=1 -timeout 60m -run 'TestKills$$' ./cmd/rounds -kills $(or $(KILLS),100) -v

.PHONY: chaos
chaos: ## CHAOS seeds (10) of 10,000 occurrences each on either store, and CHAOS years of outages: none lost, none twice
	$(GO) test -count=1 -timeout 60m -run 'TestChaos|TestAYear' ./reminders -chaos $(or $(CHAOS),10) -v

.PHONY: chaos-redis
chaos-redis: ## the same in real time on a Redis with leases of 0.8 s: 10,000 occurrences, three senders a district
	$(GO) test -count=1 -timeout 60m -run 'TestChaosOnRedis$$|TestRedisAway$$' ./reminders -chaos.redis $(or $(CHAOS),10000) -v

.PHONY: powercuts
powercuts: ## cut the power CUTS times (100) under SQLite and Redis: nothing acknowledged may be lost (root, loop devices, ext4)
	$(GO) test -count=1 -timeout 60m -tags powercut -run PowerCuts ./school/sqlitelog ./school/redislog -cuts $(or $(CUTS),100) -v | grep -v -- '^ *--- PASS: .*/cut\|^=== '

.PHONY: replicas
replicas: ## 10,000 commands over three servers on one Redis while all of them are killed in turn
	$(GO) test -count=1 -timeout 30m -run 'TestReplicas$$' ./cmd/rounds -replicas.commands 10000 -replicas.time 3m -replicas.posts 50 -v

.PHONY: sequences
sequences: ## 10,000 random sequences of commands on a log in memory, a file and a Redis: the same model, live, replayed and moved
	$(GO) test -count=1 -timeout 60m -run 'TestSequences$$' ./cmd/rounds -sequences $(or $(SEQUENCES),10000) -v

.PHONY: failovers
failovers: ## kill a Redis master under Sentinels FAILOVERS times (10) and count what was lost
	$(GO) test -count=1 -timeout 60m -run 'TestSentinel$$' ./school/redislog -failovers $(or $(FAILOVERS),10) -v

.PHONY: cross
cross: ## cross-compile for Linux, macOS and Windows
	@for s in $(SYSTEMS); do echo "build $$s"; GOOS=$${s%/*} GOARCH=$${s#*/} $(GO) build -o /dev/null ./cmd/rounds || exit 1; done

.PHONY: release
release: ## binaries for Linux, macOS and Windows in dist/
	@mkdir -p dist
	@for s in $(SYSTEMS); do \
		out=dist/rounds-$(VERSION)-$${s%/*}-$${s#*/}; case $$s in windows/*) out=$$out.exe;; esac; \
		echo $$out; GOOS=$${s%/*} GOARCH=$${s#*/} $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $$out ./cmd/rounds || exit 1; \
	done
	@cd dist && sha256sum rounds-* > SHA256SUMS
