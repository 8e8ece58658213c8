-- A call took its time: the platform may have counted it as late as now.
-- ARGV: names of the chat's own limits
local time = now()
for _, name in ipairs(ARGV) do
  local last = tonumber(call('LINDEX', budget(name), -1) or time)
  if last < time then call('LSET', budget(name), -1, exact(time)) end
end
return 1
