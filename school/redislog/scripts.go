package redislog

import "github.com/redis/go-redis/v9"

// The scripts. Each gets the district's tag, "{prefix:district}", and makes its keys from it; all of them are of one
// slot. Numbers that may pass 1e14 are written with %.0f: Lua would round them.

// fieldsLua reads the first two fields of a text: its kind and its subject.
const fieldsLua = `
local function two(s)
  local c = string.find(s, ':', 1, true)
  local n = tonumber(string.sub(s, 1, c - 1))
  local kind = string.sub(s, c + 1, c + n)
  local rest = c + n + 1
  c = string.find(s, ':', rest, true)
  n = tonumber(string.sub(s, rest, c - 1))
  return kind, string.sub(s, c + 1, c + n)
end
`

// KEYS: log, memory of the command, texts. ARGV: tag, expected version or -1, command, seconds to remember it, number of
// events, payload, checksum, then key and value of each text.
//
// Returns {version, events, repeated}, or {-1} for a conflict. Most commands are new and have events: for them the memory is
// looked up and set by one SET NX. A command without events has no entry that could vouch for its memory, which
// is therefore written after its texts.
var appendScript = redis.NewScript(fieldsLua + `
local call, expect, command, keep, n = redis.call, ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local function before()
  local known = call('GET', KEYS[2])
  if not known then return nil end
  local v, had = string.match(known, '^(%d+) (%d+)$')
  if had ~= '0' then
    local e = call('XRANGE', KEYS[1], '0-' .. v, '0-' .. v)[1]
    local mine = false
    for i = 1, e and #e[2] or 0, 2 do mine = mine or e[2][i] == 'c' and e[2][i + 1] == command end
    if not mine then return nil end
  end
  call('EXPIRE', KEYS[2], keep)
  return {v, had, '1'}
end
local version = '0'
local last = call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last then version = string.match(last[1], '^0%-(%d+)$') end
if expect ~= '-1' and expect ~= version then return before() or {'-1'} end
version = string.format('%.0f', version + n)
local new = n ~= '0' and call('SET', KEYS[2], version .. ' ' .. n, 'EX', keep, 'NX')
if not new then
  local was = before()
  if was then return was end
end
for i = 8, #ARGV, 2 do
  local key, value = ARGV[i], ARGV[i + 1]
  local kind, subject = two(value)
  local old = call('HGET', KEYS[3], key)
  if old then
    local k, s = two(old)
    if k ~= kind then call('ZREM', ARGV[1] .. ':tk:' .. k, key) end
    if s ~= subject then call('SREM', ARGV[1] .. ':ts:' .. s, key) end
  end
  call('HSET', KEYS[3], key, value)
  call('ZADD', ARGV[1] .. ':tk:' .. kind, 0, key)
  call('SADD', ARGV[1] .. ':ts:' .. subject, key)
end
if not new then call('SET', KEYS[2], version .. ' ' .. n, 'EX', keep) end
if n ~= '0' then
  call('XADD', KEYS[1], '0-' .. version, 'n', n, 'c', command, 's', ARGV[7], 'e', ARGV[6])
end
return {version, n, '0'}
`)

// KEYS: texts. ARGV: tag, subject. Returns how many went.
var deleteTextsScript = redis.NewScript(fieldsLua + `
local set = ARGV[1] .. ':ts:' .. ARGV[2]
local n = 0
for _, key in ipairs(redis.call('SMEMBERS', set)) do
  local value = redis.call('HGET', KEYS[1], key)
  if value then
    local kind, subject = two(value)
    if subject == ARGV[2] then
      redis.call('HDEL', KEYS[1], key)
      redis.call('ZREM', ARGV[1] .. ':tk:' .. kind, key)
      n = n + 1
    end
  end
end
redis.call('DEL', set)
if n > 0 then redis.call('SET', ARGV[1] .. ':scrub', '1') end
return n
`)

// nowLua is the server's clock in milliseconds.
const nowLua = `
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local h = redis.call('HMGET', KEYS[1], 'h', 'e', 'u', 'd')
local holder, epoch, till, done = h[1] or '', tonumber(h[2] or '0'), tonumber(h[3] or '0'), h[4] == '1'
local held = not done and now < till
local function reply(ok) return {ok, holder, string.format('%.0f', epoch), string.format('%.0f', till), done and '1' or '0'} end
`

// KEYS: claim. ARGV: holder, length in ms, how long the key is kept in ms.
var claimScript = redis.NewScript(nowLua + `
if done or held then return reply('0') end
holder, epoch, till = ARGV[1], epoch + 1, now + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], 'h', holder, 'e', string.format('%.0f', epoch), 'u', string.format('%.0f', till), 'd', '0')
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return reply('1')
`)

// KEYS: claim. ARGV: epoch, length in ms, how long the key is kept in ms.
var renewScript = redis.NewScript(nowLua + `
if epoch ~= tonumber(ARGV[1]) or not held then return reply('0') end
till = now + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], 'u', string.format('%.0f', till))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return reply('1')
`)

// KEYS: claim. ARGV: epoch, 1 when it is finished for good, how long the key is kept in ms.
var doneScript = redis.NewScript(nowLua + `
if epoch ~= tonumber(ARGV[1]) or not held then return reply('0') end
if ARGV[2] == '1' then
  done = true
  redis.call('HSET', KEYS[1], 'd', '1')
else
  till = 0
  redis.call('HSET', KEYS[1], 'u', '0')
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return reply('1')
`)

// KEYS: value. ARGV: tag, key, value, ms to live or 0, subject, 1 to replace, member of exp. Returns 1 when it was put.
// A put also tidies the indexes of a few values that have lapsed.
var putScript = redis.NewScript(`
local tag, key, ttl, subject = ARGV[1], ARGV[2], tonumber(ARGV[4]), ARGV[5]
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
for _, m in ipairs(redis.call('ZRANGEBYSCORE', tag .. ':exp', '-inf', now - 1000, 'LIMIT', 0, 20)) do
  local c = string.find(m, ':', 1, true)
  local n = tonumber(string.sub(m, 1, c - 1))
  local k, s = string.sub(m, c + 1, c + n), string.sub(m, c + n + 1)
  local has = redis.call('HGET', tag .. ':k:' .. k, 's')
  if not has then redis.call('ZREM', tag .. ':keys', k) end
  if s ~= '' and has ~= s then redis.call('SREM', tag .. ':ks:' .. s, k) end
  redis.call('ZREM', tag .. ':exp', m)
end
local old = redis.call('HGET', KEYS[1], 's')
if old and ARGV[6] ~= '1' then return 0 end
if old and old ~= '' and old ~= subject then redis.call('SREM', tag .. ':ks:' .. old, key) end
redis.call('HSET', KEYS[1], 'v', ARGV[3], 's', subject)
redis.call('ZADD', tag .. ':keys', 0, key)
if subject ~= '' then redis.call('SADD', tag .. ':ks:' .. subject, key) end
if ttl > 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('ZADD', tag .. ':exp', string.format('%.0f', now + ttl), ARGV[7])
else
  redis.call('PERSIST', KEYS[1])
end
return 1
`)

// KEYS: value. ARGV: tag, key.
var deleteScript = redis.NewScript(`
local s = redis.call('HGET', KEYS[1], 's')
redis.call('DEL', KEYS[1])
redis.call('ZREM', ARGV[1] .. ':keys', ARGV[2])
if s and s ~= '' then redis.call('SREM', ARGV[1] .. ':ks:' .. s, ARGV[2]) end
return {'1'}
`)

// KEYS: the subject's set. ARGV: tag, subject. Returns how many there were.
var forgetScript = redis.NewScript(`
local n = 0
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local value = ARGV[1] .. ':k:' .. key
  local s = redis.call('HGET', value, 's')
  if s == ARGV[2] then
    redis.call('DEL', value)
    n = n + 1
  end
  if not s or s == ARGV[2] then redis.call('ZREM', ARGV[1] .. ':keys', key) end
end
redis.call('DEL', KEYS[1])
if n > 0 then redis.call('SET', ARGV[1] .. ':scrub', '1') end
return n
`)
