-- What its user took back needs no answer: it leaves the inbox, unless it is being answered, and the
-- others stay. Its id stays known, so a redelivery does not bring it back. When all that is being
-- answered was taken back, the answer is stopped.
-- ARGV: conversation, retention s, then ids; an edit goes with the message that it replaces
-- Returns what is left of the conversation: running, waiting, emptied (nothing any more) or idle
-- (nothing was left before: what was asked is answered, and its reply may be on its way)
local conversation = ARGV[1]
retention_s = ARGV[2]
local COUNTS = {'taken', 'cancel', 'careful'} -- messages at the head of the inbox
local gone = {}
for i = 3, #ARGV do gone[ARGV[i]] = ARGV[i] ~= '' end -- what replaces nothing replaces ''

local function is_gone(raw)
  local readable, message = pcall(cjson.decode, raw)
  if not readable or type(message) ~= 'table' then return false end
  return gone[message.message_id] or gone[message.replaces] or false
end

-- The messages that stay, the positions of those that go, and how many of those in flight, which
-- stay in any case, somebody still waits for.
local function sort_out(in_flight)
  local staying, going, wanted = {}, {}, 0
  for i, raw in ipairs(call('LRANGE', inbox(conversation), 0, -1)) do
    local goes = is_gone(raw)
    if goes and i > in_flight then going[#going + 1] = i else staying[#staying + 1] = raw end
    if i <= in_flight and not goes then wanted = wanted + 1 end
  end
  return staying, going, wanted
end

-- Returns how many are left of those that it counted; nil when it counted none.
local function count_down(name, going)
  local count = tonumber(call('HGET', state(conversation), name) or '')
  if not count then return nil end
  local left = count
  for _, position in ipairs(going) do
    if position <= count then left = left - 1 end
  end
  if left > 0 then call('HSET', state(conversation), name, left) end
  if left == 0 then call('HDEL', state(conversation), name) end
  return left
end

local status, model, user, fence, tries, taken, cancel = unpack(call('HMGET', state(conversation),
  'status', 'model', 'user', 'fence', 'tries', 'taken', 'cancel'))
if not status then return 'idle' end
local in_flight = status == 'leased' and tonumber(taken or 0) or 0
local staying, going, wanted = sort_out(in_flight)

if #going > 0 then
  call('DEL', inbox(conversation))
  for _, raw in ipairs(staying) do call('RPUSH', inbox(conversation), raw) end
  call('EXPIRE', inbox(conversation), retention_s)
  for _, name in ipairs(COUNTS) do
    local left = count_down(name, going)
    if name == 'taken' and left == 0 then call('HSET', state(conversation), 'over', fence) end
  end
end

if status == 'leased' then
  if in_flight > 0 and wanted == 0 then
    call('HSET', state(conversation), 'cancel', in_flight)
  elseif #staying == in_flight and cancel == 'merge' then
    call('HDEL', state(conversation), 'cancel') -- nothing is left to be answered instead
  end
  return 'running'
end
if #staying == 0 then
  take_out(conversation, model, user)
  call('HDEL', state(conversation), 'status', 'tries', 'cancel', 'nobody')
  return 'emptied'
end
-- The first message is suspected of the deaths; what comes after it has not been tried alone.
if going[1] == 1 and tries then
  call('HDEL', state(conversation), 'tries')
  if take_out(conversation, model, user) then
    make_ready(conversation, model, user, 0, true)
    call_workers(model)
  end
end
return 'waiting'
