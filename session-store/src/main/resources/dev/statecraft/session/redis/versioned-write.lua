-- Writes a session only if no attribute that the request changes has been changed since the request read it.
-- Redis runs a script atomically, and all checks come before the first write: the script writes all or nothing.
-- KEYS  the session's hash, and the hash of its new id (the same if the id does not change)
-- ARGV  creation time ('' if the session exists), last access, timeout in seconds ('' to keep it),
--       then for each change: attribute, revision that was read, value ('' removes it)
-- Returns the new revision of the changed attributes, or 'gone', 'taken', or 'conflict'.
local from, to = KEYS[1], KEYS[2]
if ARGV[1] == '' then
  if redis.call('HEXISTS', from, 'creationTime') == 0 then return 'gone' end
elseif redis.call('EXISTS', from) == 1 then
  return 'taken'
end
if from ~= to and redis.call('EXISTS', to) == 1 then return 'taken' end
for i = 4, #ARGV, 3 do
  local revision = redis.call('HGET', from, 'sessionRevision:' .. ARGV[i]) or '0'
  if revision ~= ARGV[i + 1] then return 'conflict' end
end
if ARGV[1] ~= '' then redis.call('HSET', from, 'creationTime', ARGV[1]) end
redis.call('HSET', from, 'lastAccessedTime', ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', from, 'maxInactiveInterval', ARGV[3]) end
local revision = redis.call('HINCRBY', from, 'revision', 1)
for i = 4, #ARGV, 3 do
  if ARGV[i + 2] == '' then
    redis.call('HDEL', from, 'sessionAttr:' .. ARGV[i], 'sessionRevision:' .. ARGV[i])
  else
    redis.call('HSET', from, 'sessionAttr:' .. ARGV[i], ARGV[i + 2], 'sessionRevision:' .. ARGV[i], revision)
  end
end
local timeout = tonumber(redis.call('HGET', from, 'maxInactiveInterval'))
if timeout and timeout >= 0 then redis.call('EXPIRE', from, timeout) else redis.call('PERSIST', from) end
if from ~= to then redis.call('RENAME', from, to) end
return tostring(revision)
