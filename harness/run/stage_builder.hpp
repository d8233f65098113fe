#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "harness/run/stage.hpp"
#include "harness/sandbox/kind.hpp"
#include "harness/sandbox/pid_namespace.hpp"

namespace firstfin::run {

/// Builds the stages of one execution in the sandbox chosen, and holds what they share. It outlives them.
class stage_builder {
public:
    stage_builder(boost::asio::io_context& loop, sandbox::kind where);

    [[nodiscard]] std::unique_ptr<stage> build(const stage::options& what) const;

private:
    boost::asio::io_context& loop_;
    std::optional<sandbox::pid_namespace> processes_;  ///< none on loopback
    unsigned first_pair_ = 0;                          ///< of loopback's address pairs
};

}  // namespace firstfin::run
