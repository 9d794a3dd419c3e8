# A static binary on an empty image: no shell, no package manager, not root. Zone data is inside the binary
# (time/tzdata); the certificate roots come from the build stage.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /rounds ./cmd/rounds \
 && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /rounds /rounds
# The record is one file on a volume that belongs to the user the process runs as.
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
WORKDIR /data
ENV ROUNDS_STORE=/data/rounds.db ROUNDS_LISTEN=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/rounds"]
CMD ["serve", "--config", "/data/district.yaml"]
