#pragma once
// Names of deployments and loads that are equal exactly where the simulation sees no difference: what is simulated once
// serves all runs of one name.

#include <string>

#include "serving/deployment.h"

namespace plumb::validation {

struct LoadPlan;

/// `model_key` stands for the model's shape; its quantisation is told apart here.
std::string deployment_key(const serving::Deployment& deployment, const std::string& model_key);
std::string load_key(const LoadPlan& load);

}  // namespace plumb::validation
