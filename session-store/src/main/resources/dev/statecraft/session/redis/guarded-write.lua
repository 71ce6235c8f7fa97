-- Writes a session only where nothing that the request read has changed since. All or nothing: every refusal comes
-- before the first write, and Redis runs a script with nothing in between.
-- KEYS  the hash, and the hash of the id that it gets (the same where the id stays)
-- ARGV  creation time ('' where the session exists), last access, time-out in seconds ('' where it stays),
--       then for each change: attribute, revision that was read, value ('' removes it)
-- Answers the revision that the changes got, or 'gone', 'taken', or 'conflict'.
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
