-- Deletes a session.
-- KEYS  the session's hash, the marker of a changed id
-- ARGV  '' or the milliseconds that the key may still have to live: it is kept if it has more
-- Returns the fields and values of the deleted hash; if there is none, the new id if the id was changed lately.
if ARGV[1] ~= '' and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[1]) then return {} end
local fields = redis.call('HGETALL', KEYS[1])
if #fields > 0 then
  redis.call('DEL', KEYS[1])
  return fields
end
local moved = redis.call('GET', KEYS[2])
return moved and {moved} or {}
