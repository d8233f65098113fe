#include "harness/report/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/report/terminal_text.hpp"

namespace firstfin::report {

namespace {

constexpr std::size_t table_cells = 48;  // 12 x 4
constexpr std::size_t shortest_axis = 4;
constexpr std::size_t longest_label = 12;
constexpr std::size_t largest_zoom = 3;
constexpr std::size_t usual_lines = 24;

/// What a block says. Conflicts win over everything; the tie band is shown, not judged.
enum class mark : std::uint8_t { nothing, server, client, both, none, mixed, tie, unmeasured, conflict };

struct mark_style {
    char letter;
    std::uint8_t colour;  ///< of the 256
    std::string_view meaning;
};
// Blue and orange stay apart for colour-blind eyes.
constexpr std::array<mark_style, 9> styles{{{' ', 0, ""},
                                            {'s', 33, "server first"},
                                            {'c', 208, "client first"},
                                            {'b', 177, "both at once"},
                                            {'.', 240, "no FIN"},
                                            {'x', 143, "mixed"},
                                            {'~', 252, "tie band (not judged)"},
                                            {'?', 88, "nothing valid"},
                                            {'!', 196, "conflict"}}};
const mark_style& style_of(mark one) {
    return styles[static_cast<std::size_t>(one)];
}

struct block {
    std::uint32_t cells = 0;
    std::uint32_t ties = 0;
    trial_counts judged;  ///< of the cells outside the tie band
    std::uint32_t conflicts = 0;

    void add(const cell_summary& one) {
        ++cells;
        conflicts += one.counts.conflicts;
        if (one.tie_band)
            ++ties;
        else
            judged += one.counts;
    }
    [[nodiscard]] mark says() const {
        if (cells == 0) return mark::nothing;
        if (conflicts != 0) return mark::conflict;
        if (ties != 0) return mark::tie;  // binned too: the edge between the sides must stay visible
        if (judged.valid() == 0) return mark::unmeasured;
        const auto agreed = judged.first_fin.agreed(judged.valid());
        if (!agreed) return mark::mixed;
        switch (*agreed) {
            case party::server:
                return mark::server;
            case party::client:
                return mark::client;
            case party::both:
                return mark::both;
            case party::none:
                return mark::none;
        }
        return mark::mixed;
    }
};

std::size_t ceil_div(std::size_t value, std::size_t by) {
    return (value + by - 1) / by;
}

/// One axis on the screen: `bin` values share a block, and a block is drawn `zoom` wide.
struct drawn_axis {
    const parameter_column& values;
    std::size_t bin = 1;
    std::size_t zoom = 1;

    [[nodiscard]] std::size_t blocks() const { return ceil_div(values.values.size(), bin); }
    /// The first value in a block.
    [[nodiscard]] std::string label(std::size_t block) const { return shown(values.values[block * bin]); }
};

class map {
public:
    map(const summary& run, const drawn_axis& down, const drawn_axis& across)
        : width_(across.blocks()), marks_(down.blocks() * width_, mark::nothing) {
        std::vector<block> blocks(marks_.size());
        for (std::size_t cell = 0; cell < run.cells.size(); ++cell)
            blocks[down.values.of_cell[cell] / down.bin * width_ + across.values.of_cell[cell] / across.bin].add(
                run.cells[cell]);
        std::ranges::transform(blocks, marks_.begin(), &block::says);
    }
    [[nodiscard]] mark at(std::size_t row, std::size_t column) const {
        const auto place = row * width_ + column;
        return place < marks_.size() ? marks_[place] : mark::nothing;
    }
    [[nodiscard]] bool holds(mark one) const { return std::ranges::find(marks_, one) != marks_.end(); }

private:
    std::size_t width_;
    std::vector<mark> marks_;
};

/// Emits colour changes only where the colour changes.
class painter {
public:
    explicit painter(std::string& out) : out_(out) {}

    void half_blocks(mark upper, mark lower) {
        const bool above = upper != mark::nothing;
        const bool below = lower != mark::nothing;
        set(38, front_, above ? upper : lower);
        set(48, back_, above && below ? lower : mark::nothing);
        out_ += above ? "▀" : below ? "▄" : " ";
    }
    void end() {
        if (front_ != mark::nothing || back_ != mark::nothing) out_ += "\x1b[0m";
        front_ = back_ = mark::nothing;
    }

private:
    void set(int layer, mark& now, mark wanted) {
        if (now == wanted) return;
        now = wanted;
        if (wanted == mark::nothing)
            fmt::format_to(std::back_inserter(out_), "\x1b[{}m", layer + 1);
        else
            fmt::format_to(std::back_inserter(out_), "\x1b[{};5;{}m", layer, style_of(wanted).colour);
    }

    std::string& out_;
    mark front_ = mark::nothing;
    mark back_ = mark::nothing;
};

std::string range_words(const parameter_column& axis) {
    return fmt::format("{}, {} to {}", shown(axis.name), shown(axis.values.front()), shown(axis.values.back()));
}

/// Labels below their columns, each where there is room for it.
std::string labels_across(const drawn_axis& across, std::size_t left, std::size_t width) {
    std::string out(left, ' ');
    std::size_t taken = 0;
    for (std::size_t block = 0; block < across.blocks(); ++block) {
        const auto label = across.label(block);
        const auto at = left + block * across.zoom;
        if (at + display_width(label) > width) break;
        if (block != 0 && at < taken + 2) continue;
        out.append(at - display_width(out), ' ');
        out += label;
        taken = display_width(out);
    }
    return out;
}

std::string legend(const map& drawn, bool colour) {
    std::string out;
    for (std::size_t place = 1; place < styles.size(); ++place) {
        if (!drawn.holds(static_cast<mark>(place))) continue;
        if (!out.empty()) out += ", ";
        out += colour ? '\x01' : styles[place].letter;
        out += ' ';
        out += styles[place].meaning;
    }
    return out;
}

/// The legend was wrapped with a stand-in for each sample of colour.
std::string with_samples(const std::string& wrapped_legend, const map& drawn) {
    std::string out;
    std::size_t place = 0;
    for (const char c : wrapped_legend) {
        if (c != '\x01') {
            out += c;
            continue;
        }
        do {
            ++place;
        } while (!drawn.holds(static_cast<mark>(place)));
        fmt::format_to(std::back_inserter(out), "\x1b[38;5;{}m█\x1b[0m", styles[place].colour);
    }
    return out;
}

void append_label(std::string& out, const std::string& label, std::size_t width) {
    out.append(width - std::min(width, display_width(label)), ' ');
    out += label;
    out += ' ';
}

void append_coloured(std::string& out, const map& drawn, const drawn_axis& down, const drawn_axis& across,
                     std::size_t labels) {
    const auto pixels = down.blocks() * down.zoom;
    const auto row_at = [&](std::size_t pixel) { return pixel < pixels ? pixel / down.zoom : down.blocks(); };
    for (std::size_t upper = 0; upper < pixels; upper += 2) {
        // A row's label stands where the row begins.
        const auto row = row_at(upper);
        const bool begins = upper == 0 || row_at(upper - 1) != row;
        const auto labelled = begins ? row : row_at(upper + 1);
        append_label(out, (begins || labelled != row) && labelled < down.blocks() ? down.label(labelled) : "", labels);
        painter paint(out);
        for (std::size_t pixel = 0; pixel < across.blocks() * across.zoom; ++pixel)
            paint.half_blocks(drawn.at(row, pixel / across.zoom), drawn.at(row_at(upper + 1), pixel / across.zoom));
        paint.end();
        out += '\n';
    }
}

void append_letters(std::string& out, const map& drawn, const drawn_axis& down, const drawn_axis& across,
                    std::size_t labels) {
    for (std::size_t row = 0; row < down.blocks(); ++row) {
        append_label(out, down.label(row), labels);
        std::string line;
        for (std::size_t column = 0; column < across.blocks(); ++column) {
            line += style_of(drawn.at(row, column)).letter;
            line.append(across.zoom - 1, ' ');
        }
        out += line.erase(line.find_last_not_of(' ') + 1);
        out += '\n';
    }
}

}  // namespace

std::optional<heat_map_axes> heat_map_axes_of(const std::vector<parameter_column>& columns) {
    auto axes = independent_columns(columns);
    if (axes.size() != 2 || !axes[0].numeric || !axes[1].numeric) return std::nullopt;
    if (std::min(axes[0].values.size(), axes[1].values.size()) < shortest_axis) return std::nullopt;
    if (axes[0].of_cell.size() <= table_cells) return std::nullopt;
    return heat_map_axes{std::move(axes[0]), std::move(axes[1])};
}

std::string heat_map(const summary& run, const heat_map_axes& axes, const text_options& options) {
    std::size_t labels = 0;
    for (const auto& value : axes.down.values)
        labels = std::max(labels, display_width(shown(value)));
    labels = std::min(labels, longest_label);

    drawn_axis down{axes.down};
    drawn_axis across{axes.across};
    const auto columns = options.width > labels + 2 ? options.width - labels - 1 : 1;
    // Title, labels, legend and the prompt take some lines of the window.
    const auto lines = options.height == 0 ? 0 : std::max<std::size_t>(options.height, 16) - 8;
    const auto pixels = options.colour ? lines * 2 : lines;
    across.bin = ceil_div(axes.across.values.size(), columns);
    // Without a window nothing limits the lines, so the shape is kept.
    down.bin = ceil_div(axes.down.values.size(), pixels != 0 ? pixels : usual_lines);
    if (pixels == 0) down.bin = std::min(down.bin, across.bin);
    if (options.colour) {
        const auto room = std::min(columns / across.blocks(), pixels == 0 ? largest_zoom : pixels / down.blocks());
        across.zoom = down.zoom = std::clamp<std::size_t>(room, 1, largest_zoom);
    } else if (across.blocks() * 2 <= columns) {
        across.zoom = 2;
    }

    const map drawn(run, down, across);
    std::string out = paragraph("down: " + range_words(axes.down), options.width, 2);
    out += paragraph("across: " + range_words(axes.across), options.width, 2);
    if (down.bin * across.bin > 1)
        out += paragraph(
            fmt::format("each block: {} x {} cells (down x across), labelled with its first", down.bin, across.bin),
            options.width, 2);
    out += '\n';
    if (options.colour)
        append_coloured(out, drawn, down, across, labels);
    else
        append_letters(out, drawn, down, across, labels);
    out += labels_across(across, labels + 1, options.width) + "\n\n";
    const auto key = paragraph(legend(drawn, options.colour), options.width, 2);
    out += options.colour ? with_samples(key, drawn) : key;
    return out;
}

}  // namespace firstfin::report
