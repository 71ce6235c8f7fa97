-- Adds a session to an index, with the time at which it expires by the clock of Redis, and removes expired entries if
-- asked to.
-- KEYS  the sorted set
-- ARGV  session id, seconds until the session expires (0 or less: never), '1' to remove expired entries,
--       seconds that the set lives at least
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seconds = tonumber(ARGV[2])
if ARGV[3] == '1' then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now)) end
redis.call('ZADD', KEYS[1], seconds > 0 and string.format('%.0f', now + seconds * 1000) or '+inf', ARGV[1])
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[4]) then redis.call('EXPIRE', KEYS[1], ARGV[4]) end
return 1
