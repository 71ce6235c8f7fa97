-- Writes a session. Redis runs a script atomically, and all checks come before the first write: the script writes all
-- or nothing, and sets the expiry of the key with it.
-- KEYS  the session's hash; if its id changes, also the hash of the new id and the marker of the changed id
-- ARGV  '1' to refuse lost updates, creation time ('' if the session exists), last access, timeout in seconds ('' to
--       keep it), seconds until the key of a session without timeout expires, seconds that a key outlives its session,
--       new id, seconds that the marker stays (both '' if the id does not change),
--       then for each change: attribute, revision that was read, value ('' removes it)
-- For the most frequent write, a new value of one attribute of a stored session, ARGV is shorter:
--       last access, seconds until the key of a session without timeout expires, seconds that a key outlives its
--       session, attribute, value, and the revision that was read if lost updates are refused
-- Returns the new revision of the changed attributes, or 'gone', 'taken', or 'conflict'.
if #ARGV < 8 then
  local key, call, its = KEYS[1], redis.call, 'sessionRevision:' .. ARGV[4]
  local stored, refuses = nil, ARGV[6]
  if refuses then
    stored = call('HMGET', key, 'lastAccessedTime', 'maxInactiveInterval', 'revision', its)
    if (stored[4] or '0') ~= refuses and stored[1] then return 'conflict' end
  else
    stored = call('HMGET', key, 'lastAccessedTime', 'maxInactiveInterval', 'revision')
  end
  local access = stored[1]
  if not access then return 'gone' end
  -- A slow request must not move the last access back.
  if tonumber(access) < tonumber(ARGV[1]) then access = ARGV[1] end
  local revision = string.format('%.0f', (stored[3] or 0) + 1)
  local seconds = tonumber(stored[2])
  call('HSET', key, 'lastAccessedTime', access, 'revision', revision, 'sessionAttr:' .. ARGV[4], ARGV[5], its, revision)
  call('EXPIRE', key, seconds > 0 and seconds + ARGV[3] or ARGV[2])
  return revision
end
local from, to = KEYS[1], KEYS[2]
local first, values = 9, 1000
local stored = redis.call('HMGET', from, 'creationTime', 'lastAccessedTime', 'maxInactiveInterval', 'revision',
  'sessionRevision:' .. (ARGV[first] or ''))
if ARGV[2] == '' then
  if not stored[1] then return 'gone' end
elseif stored[1] then
  return 'taken'
end
if to and redis.call('EXISTS', to) == 1 then return 'taken' end
if ARGV[1] == '1' then
  for i = first, #ARGV, 3 do
    local found = i == first and stored[5] or i ~= first and redis.call('HGET', from, 'sessionRevision:' .. ARGV[i])
    if (found or '0') ~= ARGV[i + 1] then return 'conflict' end
  end
end
local revision = string.format('%.0f', (tonumber(stored[4]) or 0) + 1)
local access = ARGV[3]
if stored[2] and tonumber(stored[2]) > tonumber(access) then access = stored[2] end
local timeout = ARGV[4] ~= '' and ARGV[4] or stored[3]
local seconds = tonumber(timeout)
local expiry = seconds > 0 and seconds + tonumber(ARGV[6]) or tonumber(ARGV[5])
local function write(command, fields)
  -- Lua passes at most some thousand values at once.
  for i = 1, #fields, values do
    redis.call(command, from, unpack(fields, i, math.min(i + values - 1, #fields)))
  end
end
local set, removed = {'lastAccessedTime', access, 'revision', revision}, {}
if ARGV[4] ~= '' then
  set[5], set[6] = 'maxInactiveInterval', timeout
end
if ARGV[2] ~= '' then
  set[#set + 1] = 'creationTime'
  set[#set + 1] = ARGV[2]
end
for i = first, #ARGV, 3 do
  local attribute, itsRevision = 'sessionAttr:' .. ARGV[i], 'sessionRevision:' .. ARGV[i]
  if ARGV[i + 2] == '' then
    removed[#removed + 1] = attribute
    removed[#removed + 1] = itsRevision
  else
    local last = #set
    set[last + 1], set[last + 2], set[last + 3], set[last + 4] = attribute, ARGV[i + 2], itsRevision, revision
  end
end
write('HSET', set)
write('HDEL', removed)
redis.call('EXPIRE', from, expiry)
if to then
  redis.call('RENAME', from, to)
  redis.call('SET', KEYS[3], ARGV[7], 'EX', ARGV[8])
end
return revision
