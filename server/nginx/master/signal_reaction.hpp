#pragma once

#include <cstdint>
#include <string>

namespace firstfin::nginx {

/// What a master does about a signal (ngx_signal_handler, ngx_master_process_cycle).
enum class reaction : std::uint8_t {
    none,
    reload,
    stop,  ///< workers end at once
    quit,  ///< workers serve what they have to its end
    reopen_logs,
    retire_workers,  ///< the same as quit for the workers, but the master stays
    reap,            ///< a child ended
    refuse_upgrade,  ///< USR2: there is no other program to change to
};

enum class master_state : std::uint8_t { serving, quitting, stopping };

/// WINCH is for daemons alone: a terminal sends it whenever its window changes.
enum class placement : std::uint8_t { foreground, daemon };

[[nodiscard]] reaction reaction_to(int signal, master_state now, placement where);

/// "signal 1 (SIGHUP) received from 123, reconfiguring". `sender` 0: the kernel.
[[nodiscard]] std::string in_words(int signal, int sender, reaction what);

}  // namespace firstfin::nginx
