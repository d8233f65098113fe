#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace firstfin::nginx {

/// The master's children. Each is one generation's worker: it serves the configuration it was forked with.
class worker_processes {
public:
    /// Forks; `work` runs in the child and answers its exit code. The child dies with this process, also by kill -9.
    /// Throws environment_lacks when there can be no more processes.
    void start(unsigned number, const std::function<int()>& work);

    struct ended {
        pid_t pid = 0;
        unsigned number = 0;
        int status = 0;            ///< of waitpid
        bool was_leaving = false;  ///< told to end
    };
    /// Those that ended since.
    [[nodiscard]] std::vector<ended> reap();

    void signal_all(int number) const;
    /// Those that are there now are told to end; later ones are not.
    void retire(int signal);

    /// Takes over those of an earlier generation.
    void adopt(worker_processes&& others);

    [[nodiscard]] bool empty() const { return all_.empty(); }
    /// Those not told to end.
    [[nodiscard]] std::vector<pid_t> serving() const;

private:
    struct worker {
        pid_t pid = 0;
        unsigned number = 0;
        bool leaving = false;
    };
    std::vector<worker> all_;
};

/// "worker process 123 exited with code 0", "... exited on signal 9".
[[nodiscard]] std::string in_words(const worker_processes::ended& one);

}  // namespace firstfin::nginx
