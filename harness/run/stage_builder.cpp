#include "harness/run/stage_builder.hpp"

#include <random>

#include "harness/run/loopback_stage.hpp"
#include "harness/run/namespace_stage.hpp"

namespace firstfin::run {

stage_builder::stage_builder(boost::asio::io_context& loop, sandbox::kind where) : loop_(loop) {
    if (where == sandbox::kind::loopback)
        // By chance, so that runs side by side, or within the 60 s of each other's TIME_WAIT, do not meet.
        first_pair_ = std::random_device{}() % sandbox::loopback_addresses::pairs;
    else
        processes_.emplace();
}

std::unique_ptr<stage> stage_builder::build(const stage::options& what) const {
    if (processes_) return std::make_unique<namespace_stage>(loop_, *processes_, what);
    return std::make_unique<loopback_stage>(loop_, first_pair_ + what.number, what);
}

}  // namespace firstfin::run
