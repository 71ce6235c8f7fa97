-- Writes a session. Redis runs a script atomically, and all checks come before the first write: the script writes all
-- or nothing, and sets the expiry of the key with it.
-- KEYS  the session's hash, the hash of its new id (the same if the id does not change), the marker of a changed id
-- ARGV  '1' to refuse lost updates, creation time ('' if the session exists), last access, timeout in seconds ('' to
--       keep it), seconds until the key of a session without timeout expires, seconds that a key outlives its session,
--       new id, seconds that the marker stays,
--       then for each change: attribute, revision that was read, value ('' removes it)
-- Returns the new revision of the changed attributes, or 'gone', 'taken', or 'conflict'.
local from, to = KEYS[1], KEYS[2]
local first = 9
local stored = redis.call('HMGET', from, 'creationTime', 'lastAccessedTime', 'maxInactiveInterval', 'revision')
if ARGV[2] == '' then
  if not stored[1] then return 'gone' end
elseif stored[1] then
  return 'taken'
end
if from ~= to and redis.call('EXISTS', to) == 1 then return 'taken' end
if ARGV[1] == '1' then
  for i = first, #ARGV, 3 do
    if (redis.call('HGET', from, 'sessionRevision:' .. ARGV[i]) or '0') ~= ARGV[i + 1] then return 'conflict' end
  end
end
local revision = string.format('%.0f', (tonumber(stored[4]) or 0) + 1)
-- A slow request must not move the last access back.
local access = string.format('%.0f', math.max(tonumber(stored[2]) or 0, tonumber(ARGV[3])))
local timeout = ARGV[4] ~= '' and ARGV[4] or stored[3]
redis.call('HSET', from, 'lastAccessedTime', access, 'revision', revision, 'maxInactiveInterval', timeout)
if ARGV[2] ~= '' then redis.call('HSET', from, 'creationTime', ARGV[2]) end
for i = first, #ARGV, 3 do
  if ARGV[i + 2] == '' then
    redis.call('HDEL', from, 'sessionAttr:' .. ARGV[i], 'sessionRevision:' .. ARGV[i])
  else
    redis.call('HSET', from, 'sessionAttr:' .. ARGV[i], ARGV[i + 2], 'sessionRevision:' .. ARGV[i], revision)
  end
end
local seconds = tonumber(timeout)
redis.call('EXPIRE', from, seconds > 0 and seconds + tonumber(ARGV[6]) or tonumber(ARGV[5]))
if from ~= to then
  redis.call('RENAME', from, to)
  redis.call('SET', KEYS[3], ARGV[7], 'EX', ARGV[8])
end
return revision
