#include "tests/harness/report/sample_reports.hpp"

#include <fmt/format.h>

#include <sstream>

namespace firstfin::test {

using namespace std::chrono_literals;

stored_run::stored_run(const store::run_record& run, const std::vector<store::cell_record>& cells,
                       const std::vector<store::trial_record>& trials,
                       const std::optional<store::run_end_record>& end) {
    auto db = store::run_db::create(folder_.path(), run, cells);
    db.add(trials);
    if (end) db.finish(*end);
}

std::string stored_run::report(report::format as, const report::text_options& options) const {
    std::ostringstream out;
    report::write_report(out, open(), as, options);
    return out.str();
}

stored_run mixed_run() {
    auto run = sample_run();
    run.seed = 7;
    run.replicates = 4;
    run.environment = {{"kernel", "6.18.0"}, {"net.ipv4.tcp_fin_timeout", "60"}};
    const auto cells = sample_cells();
    std::vector<store::trial_record> trials;
    const auto add = [&](std::size_t cell, std::initializer_list<story> stories, duration idle) {
        std::uint32_t number = 0;
        for (const auto what : stories) {
            trials.push_back(sample_trial(cells[cell].id, number, what, idle + number * 100us));
            ++number;
        }
    };
    add(0, {story::server_first, story::server_first, story::server_first, story::server_first}, 6500ms);
    add(1, {story::server_first, story::lost_request, story::server_resets, story::lost_segments}, 6500ms);
    add(2, {story::server_first, story::client_first, story::crossed, story::without_wire}, 11500ms);
    add(3, {story::contradicted, story::never_closed, story::client_first}, 12s);
    auto end = sample_end();
    end.resolution_ms = 600;
    end.segments_lost = 0;
    end.warnings = {"the machine was busy"};
    return {run, cells, trials, end};
}

stored_run grid_run(std::size_t down, std::size_t across, const std::function<void(store::trial_record&)>& change) {
    auto run = sample_run();
    run.title = "Grid";
    run.time_scale = 1;
    run.seed = 7;
    run.replicates = 1;
    run.environment = {{"kernel", "6.18.0"}};
    run.expects.clear();
    run.axes = {{"server.keepalive_timeout", {}}, {"client.idle_timeout", {}}};
    const auto step = [](std::size_t place) { return duration(100ms) * static_cast<std::int64_t>(place + 1); };
    std::vector<store::cell_record> cells;
    std::vector<store::trial_record> trials;
    for (std::size_t server = 0; server < down; ++server) {
        for (std::size_t client = 0; client < across; ++client) {
            auto& cell = cells.emplace_back();
            cell.id = fmt::format("{:04}{:04}", server, client);
            cell.params = {{"client.idle_timeout", to_text(step(client))},
                           {"server.keepalive_timeout", to_text(step(server))}};
            cell.predicted = server < client ? "server" : server > client ? "client" : "undecided";
            cell.margin = step(std::max(server, client)) - step(std::min(server, client));
            trials.push_back(sample_trial(cell.id, 0, server <= client ? story::server_first : story::client_first,
                                          step(std::min(server, client))));
            if (change) change(trials.back());
        }
    }
    store::run_end_record end;
    end.resolution_ms = 0.8;
    return {run, cells, trials, end};
}

}  // namespace firstfin::test
