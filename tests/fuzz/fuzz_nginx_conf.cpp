#include <cstdlib>

#include "server/nginx_conf/configuration.hpp"
#include "server/nginx_conf/lookup.hpp"

// Any bytes are a configuration or a list of messages; whatever is made of them keeps its own rules. Includes reach
// nothing but the file itself.
//
// Until the fuzz preset builds it:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. -o /tmp/fuzz_nginx_conf
//     tests/fuzz/fuzz_nginx_conf.cpp server/nginx_conf/*.cpp core/duration.cpp -lfmt -lpcre2-8

namespace {

using namespace firstfin::nginx_conf;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const std::vector<directive>& block, const configuration& read) {
    for (const auto& each : block) {
        require(each.name.where.is_known() && each.name.where.column != 0 && each.name.where.file < read.files.size());
        require(each.name.where.line <= each.head_end.line || each.name.where.file != each.head_end.file);
        require(each.head_order <= each.end_order);
        require(each.has_block || each.block.empty());
        check(each.block, read);
    }
}

void look_around(const http_settings& all) {
    for (const auto& at : all.listens) {
        require(!at.servers.empty() && at.default_server < all.servers.size());
        for (const auto* host : {"", "a", "www.example.com", "x.a"})
            (void)choose_server(all, at, host);
    }
    for (const auto& server : all.servers) {
        require(!server.names.empty() && !server.listens.empty());
        for (const auto* uri : {"/", "/a", "/a/b.php"})
            require(find_location(server, uri).location != nullptr);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const auto& version : {oldest_known, newest_known}) {
        reading_options options;
        options.version = version;
        options.access = files_in_memory({{"/n", text}});
        const auto read = read_configuration("/n", "", options);
        check(read.tree, read);
        for (const auto& each : read.messages)
            for (const auto ch : read.in_words(each))
                require(static_cast<unsigned char>(ch) >= 0x20 && ch != 0x7f);
        look_around(effective(read, version));
    }
    return 0;
}
