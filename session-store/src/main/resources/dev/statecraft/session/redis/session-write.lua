-- Writes a session. Redis runs a script atomically, and all checks come before the first write: the script writes all
-- or nothing, and sets the expiry of the key with it.
-- KEYS  the session's hash; if its id changes, also the hash of the new id and the marker of the changed id
-- ARGV  '1' to refuse lost updates, creation time ('' if the session exists), last access, timeout in seconds ('' to
--       keep it), seconds until the key of a session without timeout expires, seconds that a key outlives its session,
--       new id, seconds that the marker stays (both '' if the id does not change),
--       then for each change: attribute, revision that was read, value ('' removes it)
-- Returns the new revision of the changed attributes, or 'gone', 'taken', or 'conflict'.
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
-- A slow request must not move the last access back.
local access = ARGV[3]
if stored[2] and tonumber(stored[2]) > tonumber(access) then access = stored[2] end
local timeout = ARGV[4] ~= '' and ARGV[4] or stored[3]
local seconds = tonumber(timeout)
local expiry = seconds > 0 and seconds + tonumber(ARGV[6]) or tonumber(ARGV[5])
if #ARGV == first + 2 and ARGV[2] == '' and ARGV[4] == '' and ARGV[first + 2] ~= '' then
  -- One attribute of a stored session, the most frequent write, needs no tables.
  redis.call('HSET', from, 'lastAccessedTime', access, 'revision', revision, 'sessionAttr:' .. ARGV[first],
    ARGV[first + 2], 'sessionRevision:' .. ARGV[first], revision)
else
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
end
redis.call('EXPIRE', from, expiry)
if to then
  redis.call('RENAME', from, to)
  redis.call('SET', KEYS[3], ARGV[7], 'EX', ARGV[8])
end
return revision
