#pragma once
// The fleet that a load runs on, as the options --replicas and --router say it.

#include "cli/command.h"
#include "cli/subject.h"

namespace plumb::cli {

inline constexpr OptionSpec replicas_option{"--replicas", "N",
                                            "equal replicas that share the load (default: the file's, else 1)"};
inline constexpr OptionSpec router_option{"--router", "NAME",
                                          "which replica takes a request: round-robin or least-outstanding (default: "
                                          "the file's, else round-robin)"};

/// Puts what the options say into `subject`.
[[nodiscard]] Status take_fleet_options(const Arguments& arguments, Subject& subject);

}  // namespace plumb::cli
