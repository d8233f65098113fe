#include "harness/verdict/wire_reading.hpp"

#include <fmt/format.h>

#include "harness/verdict/wire_reader.hpp"

namespace firstfin {

wire_reading read_wire(std::span<const witness::segment> segments) {
    wire_reader reader;
    for (const auto& one : segments)
        reader.add(one);
    return reader.reading();
}

ending wire_reading::ending_by_fins() const {
    if (first_fin == party::both) return ending::simultaneous;
    if (server_fin && client_fin) return ending::orderly;
    return server_fin || client_fin ? ending::half_closed : ending::open;
}

std::string wire_reading::first_fin_in_words() const {
    switch (first_fin) {
        case party::none:
            return "no FIN on the wire";
        case party::both:
            return "the FINs crossed: neither acknowledges the other";
        case party::server:
        case party::client:
            break;
    }
    const auto& first = first_fin == party::server ? *server_fin : *client_fin;
    const auto& second = first_fin == party::server ? client_fin : server_fin;
    if (!second) return fmt::format("the {}'s FIN is the only one", to_text(first_fin));
    return fmt::format("the {}'s FIN (seq {}) is acknowledged by the other FIN (ack {})", to_text(first_fin),
                       first.fin_seq(), second->ack);
}

}  // namespace firstfin
