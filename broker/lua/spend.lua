-- Spend one call of a chat's budget. A chat has several limits; the last one is the whole
-- channel's. Each limit remembers the times of its latest calls, at most as many as it allows
-- in its window: the next call may go when the oldest of them has left the window.
-- ARGV: chat, urgent (1: waits, 0: now or never), then per limit: name, calls, window s
-- Returns {granted (1 or 0), ms to wait: before the call if granted, else before asking again}
local chat, urgent = ARGV[1], ARGV[2] == '1'
local time = now()

local function due(name, calls, window)
  if call('LLEN', budget(name)) < calls then return time end
  return math.max(time, tonumber(call('LINDEX', budget(name), -calls)) + window)
end

local function note(name, calls, window, at)
  call('RPUSH', budget(name), exact(at))
  call('LTRIM', budget(name), -calls, -1)
  call('EXPIRE', budget(name), math.ceil(window + at - time) + 1)
end

local limits = {}
for i = 3, #ARGV, 3 do
  limits[#limits + 1] = {ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])}
end
local whole = limits[#limits]

-- What is not urgent leaves room: half of a limit that allows several calls is for the urgent.
if not urgent then
  if call('EXISTS', pause(chat)) == 1 then return {0, 0} end
  for _, limit in ipairs(limits) do
    local name, calls, window = unpack(limit)
    if due(name, math.ceil(calls / 2), window) > time then return {0, 0} end
  end
end

-- The chat's own limits come first, so that a chat that must wait holds no place of the whole.
local own = tonumber(call('GET', pause(chat)) or 0)
for i = 1, #limits - 1 do own = math.max(own, due(unpack(limits[i]))) end
if own > time then
  local wait_ms = math.ceil((own - time) * 1000)
  -- Somebody urgent waits for this chat: until then nothing else may go.
  call('SET', pause(chat), exact(own), 'PX', wait_ms + 200)
  return {0, wait_ms}
end
local at = due(unpack(whole))
for _, limit in ipairs(limits) do
  note(limit[1], limit[2], limit[3], at)
end
return {1, math.ceil((at - time) * 1000)}
