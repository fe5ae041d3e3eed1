#pragma once
// What went wrong, where in the input, and what was expected there. Expected failures are values of this type, carried
// by Result<T> (result.h); assertions are for mistakes of our own and no input reaches one.

#include <algorithm>
#include <string>
#include <string_view>

namespace plumb {

/// Who has to act. It decides the exit status of the program.
enum class Fault {
  unmet,    ///< what was asked for cannot be met (exit status 1)
  input,    ///< the command line or a file is wrong (2)
  machine,  ///< the machine failed: disk, memory (3)
};

/// A place in an input. `line` and `column` count from 1, columns in characters; 0 means that it is not known.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Error {
  Fault fault = Fault::input;
  Place place;
  std::string message;   ///< what is wrong, with the value that is wrong
  std::string expected;  ///< what would have been right; may be empty
  std::string excerpt;   ///< the line of input at `place`, for the caret; may be empty
};

/// An error about the input at a place.
Error input_error(Place place, std::string message, std::string expected = {});
/// An error about a request that is well formed but cannot be met.
Error unmet_error(std::string message, std::string expected = {});
/// An error of the machine, such as a full disk.
Error machine_error(Place place, std::string message);

/// "file:line:column: message; expected ...", without what is not known of the place. Always one line of UTF-8 whatever
/// the input held: control characters and stray bytes are shown as escapes.
std::string one_line(const Error& error);

/// one_line(), then the line of input with a caret under the column, when the excerpt is known. Of a long line, the
/// part around the column.
std::string render(const Error& error);

/// A text of the input in quotes for a message, cut when it is long: "3350 GB/s".
std::string in_quotes(std::string_view text);

/// The exit status that the fault stands for: 1, 2 or 3.
int exit_status(Fault fault);

/// The candidate nearest to `word` by edit distance, if it is near enough to be meant; otherwise empty. Of equally near
/// ones the first.
template <class Range>
std::string nearest_word(std::string_view word, const Range& candidates);

/// Number of single-character edits that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

template <class Range>
std::string nearest_word(std::string_view word, const Range& candidates) {
  std::string best;
  // Fewer edits than a third of the word and two, and than the word has letters: "tp" is not meant by "x".
  std::size_t best_distance = std::min(word.size() / 3 + 2, word.size());
  for (const std::string_view candidate : candidates) {
    // The difference in length is a lower bound, and keeps a word of a megabyte from being compared letter by letter.
    if (std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size()) >= best_distance) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace plumb
