#include "memory/channel_controller.h"

#include "memory/event_controller.h"
#include "memory/plain_controller.h"

namespace plumb::memory {

std::unique_ptr<ChannelController> make_channel_controller(const Specification& specification, ControllerKind kind,
                                                           CommandSink sink) {
  if (kind == ControllerKind::plain) return std::make_unique<PlainController>(specification, std::move(sink));
  return std::make_unique<EventController>(specification, std::move(sink));
}

}  // namespace plumb::memory
