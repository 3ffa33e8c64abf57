/** What a look needs: the epoch, marks of tags, and bans. Each function costs a little in every script that has it. */
export const LOOKING = `
local P = KEYS[1]
-- Changes nothing and needs no memory: what a script that begins its writing with this writes after it, a full server takes.
local function insist() return redis.pcall('PERSIST', P .. 'meta') end
local function time()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function number(text) return string.format('%.0f', text) end
-- Redis gives itself another one when it is started again, and when a replica takes over: the last purges may be lost then. [epoch]
local function replication()
  local info = redis.call('INFO', 'replication')
  -- Nor may a master be one still that has lost all of the replicas it is to have. (From 7.0 on it also refuses all writing.) [epoch]
  if string.find(info, 'min_slaves_good_slaves:0', 1, true) then error('NOREPLICAS none of the replicas is there') end
  local _, before = string.find(info, 'master_replid:', 1, true)
  return before and string.sub(info, before + 1, before + 40) or ''
end
local function life(fresh)
  local server = replication()
  local meta = redis.call('HMGET', P .. 'meta', 'epoch', 'position', 'floor', 'ban', 'born', 'server')
  if meta[1] and meta[6] == server then return meta[1], tonumber(meta[2]), tonumber(meta[3]), tonumber(meta[4]), tonumber(meta[5]) end
  local born = time()
  redis.call('HSET', P .. 'meta', 'epoch', fresh, 'position', 0, 'floor', 0, 'ban', 0, 'bans', 0, 'born', number(born), 'server', server)
  redis.call('DEL', P .. 'b')
  return fresh, 0, 0, 0, born
end
local function mark(tag, epoch)
  local text = redis.call('GET', P .. 't:' .. tag)
  if not text then return nil end
  local e, hard, soft, at = string.match(text, '^([^|]*)|([^|]*)|([^|]*)|([^|]*)$')
  if e ~= epoch then return nil end
  return tonumber(hard), tonumber(soft), tonumber(at)
end
local function glob(pattern, text)
  local a, b, star, retry = 1, 1, nil, nil
  while b <= #text do
    local c = string.byte(pattern, a)
    if c == 42 then star = a; a = a + 1; retry = b
    elseif c == string.byte(text, b) then a = a + 1; b = b + 1
    elseif star then a = star + 1; retry = retry + 1; b = retry
    else return false end
  end
  while string.byte(pattern, a) == 42 do a = a + 1 end
  return a > #pattern
end
local function banned(ban, key)
  if ban.k == 'prefix' then return string.sub(key, 1, #ban.n) == ban.n end
  return string.sub(key, 1, #ban.w) == ban.w and string.sub(key, #ban.w + 1, #ban.w + 1) ~= '~' and glob(ban.n, string.sub(key, #ban.w + 1))
end
-- Has a purge since the position touched what has this key? Answers whether it is ended, and the instant from which it is stale.
local function bans(key, position, last)
  local soft = nil
  if last <= position then return false, nil end
  local all = redis.call('LRANGE', P .. 'b', 0, -1)
  -- Bans may be evicted, and what they said is not known then. [valid]
  if #all ~= tonumber(redis.call('HGET', P .. 'meta', 'bans')) then return true, nil end
  for _, packed in ipairs(all) do
    local ban = cmsgpack.unpack(packed)
    if ban.p > position and banned(ban, key) then
      if not ban.s then return true, nil end
      if not soft or ban.a < soft then soft = ban.a end
    end
  end
  return false, soft
end
`

/** What all other scripts have in common: setting marks, members, and waking those who wait. */
export const SHARED = `${LOOKING}
-- A mark outlives the entries that carry its tag: it never loses what it has left to live.
local function setmark(tag, epoch, hard, soft, at, ttl)
  local left = math.max(redis.call('PTTL', P .. 't:' .. tag), tonumber(ttl))
  redis.call('SET', P .. 't:' .. tag, epoch .. '|' .. number(hard) .. '|' .. number(soft) .. '|' .. number(at), 'PX', number(left))
end
-- Members may be evicted, and then purges wait for whoever there may be, as at the beginning of the store's life. [grace]
local function enrolled(epoch, born)
  if redis.call('ZSCORE', P .. 'm', epoch) then return born end
  redis.call('ZREMRANGEBYSCORE', P .. 'm', '+inf', '+inf')
  redis.call('ZADD', P .. 'm', '+inf', epoch)
  local now = time()
  redis.call('HSET', P .. 'meta', 'born', number(now))
  return now
end
local function wake(key)
  for _, member in ipairs(redis.call('SMEMBERS', P .. 'w:' .. key)) do
    redis.call('XADD', P .. 'i:' .. member, 'MAXLEN', '~', 1000, '*', 'k', key)
    redis.call('PEXPIRE', P .. 'i:' .. member, 60000)
  end
  redis.call('DEL', P .. 'w:' .. key)
end
`

/** What only a fill asks: which tags were purged since it began. */
export const PURGED_SINCE = `
-- The tags that the journal names after the position; false unless it goes back so far without a gap. [gaps]
local function purgedSince(at, position, epoch)
  local tags, upTo = {}, position
  if at >= position then return tags end
  -- Each record has a purge at least. No more of them than can be read in a millisecond or two.
  local records = redis.pcall('XREVRANGE', P .. 'j', '+', '-', 'COUNT', number(math.min(position - at, 500)))
  for _, record in ipairs(records) do
    local _, of, _, first, _, _, _, packed = unpack(record[2])
    -- A key may be written in a way that Lua cannot read: with half of a surrogate pair.
    local sound, purges = pcall(cjson.decode, packed)
    if not sound or of ~= epoch or first + #purges ~= upTo + 1 then return false end
    for _, purge in ipairs(purges) do
      if purge.k == 'tag' then tags[purge.n] = true end
    end
    upTo = first - 1
    if upTo <= at then return tags end
  end
  return false
end
`
