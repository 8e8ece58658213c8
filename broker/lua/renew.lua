-- Keep leases, and learn of cancels.
-- ARGV: model, lease s, then pairs of conversation and fence
-- Returns one word a pair: lost, kept, or what was asked: stop, merge
local model, due = ARGV[1], now() + tonumber(ARGV[2])
local words = {}
for i = 3, #ARGV, 2 do
  local conversation, fence = ARGV[i], ARGV[i + 1]
  local fields = call('HMGET', state(conversation), 'fence', 'cancel')
  if fields[1] == fence and call('ZSCORE', leases(model), conversation) then
    call('ZADD', leases(model), exact(due), conversation)
    words[#words + 1] = tonumber(fields[2] or '') and 'stop' or fields[2] or 'kept'
  else
    words[#words + 1] = 'lost'
  end
end
return words
