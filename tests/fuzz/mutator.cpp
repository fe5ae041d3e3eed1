#include "mutator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <set>
#include <utility>

namespace plumb::fuzz {
namespace {

using namespace std::string_view_literals;

// Values at the edges of types and of sense, and pieces of the texts that Plumb reads.
// clang-format off
constexpr std::array numbers{
    "0"sv, "-1"sv, "1"sv, "-0"sv, "0.0"sv, "1e308"sv, "1e309"sv, "-1e309"sv, "1e-320"sv, "nan"sv, "NaN"sv, "inf"sv,
    "Infinity"sv, "-Infinity"sv, "127"sv, "128"sv, "255"sv, "256"sv, "32768"sv, "65536"sv, "2147483647"sv,
    "2147483648"sv, "4294967296"sv, "9007199254740993"sv, "9223372036854775807"sv, "9223372036854775808"sv,
    "-9223372036854775808"sv, "18446744073709551616"sv, "0x7f"sv, "1_000"sv, "1."sv, ".5"sv, "+1"sv, "1e"sv,
    "00000000000000000000000000000000000000001"sv,
};
constexpr std::array tokens{
    "{"sv, "}"sv, "["sv, "]"sv, "[["sv, "]]"sv, "\""sv, "'"sv, "\"\"\""sv, "="sv, ":"sv, ","sv, "."sv, "\n"sv,
    "\r\n"sv, "\t"sv, " "sv, "\\"sv, "\\u0000"sv, "\\ud800"sv, "#"sv, "null"sv, "true"sv, "false"sv, "\0"sv, "\xff"sv,
    "\xef\xbb\xbf"sv, "\xc3"sv, "\xf0\x9f\x98\x80"sv, "$"sv, "/"sv, "%"sv, "GB/s"sv, "1979-05-27T07:32:00Z"sv,
    "2023-11-16 18:17:03.9799600"sv, "a.b.c"sv,
};
// clang-format on

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool in_number(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == 'e'; }

struct Piece {
  std::size_t begin = 0, length = 0;
};

/// Mostly short, now and then any length.
Piece any_piece(const std::string& text, Dice& dice) {
  if (text.empty()) return {};
  const std::size_t begin = dice.roll(text.size());
  const std::size_t rest = text.size() - begin;
  return {begin, 1 + dice.roll(dice.one_in(4) ? rest : std::min<std::size_t>(rest, 16))};
}

/// The run of characters of a kind at or after a random place.
template <class Kind>
Piece any_run(const std::string& text, Dice& dice, Kind kind) {
  if (text.empty()) return {};
  std::size_t begin = dice.roll(text.size());
  while (begin < text.size() && !kind(text[begin])) ++begin;
  while (begin > 0 && begin < text.size() && kind(text[begin - 1])) --begin;
  std::size_t end = begin;
  while (end < text.size() && kind(text[end])) ++end;
  return {begin, end - begin};
}

}  // namespace

Dice::Dice(std::uint64_t seed, std::uint64_t iteration) : state_(seed * 0x9e3779b97f4a7c15u) {
  state_ ^= roll(std::uint64_t{1} << 63) + iteration * 0xd1b54a32d192ed03u;
}

std::uint64_t Dice::roll(std::uint64_t sides) {
  // splitmix64
  std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return (mixed ^ (mixed >> 31)) % sides;
}

Mutator::Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {
  std::set<std::string> words;
  for (std::size_t i = 0; i < seeds_.size(); ++i) {
    if (seeds_[i].size() > bytes_max) continue;
    bases_.push_back(i);
    std::string word;
    for (const char c : seeds_[i] + '\n') {
      if (in_word(c)) {
        word += c;
      } else if (!word.empty()) {
        words.insert(std::exchange(word, {}));
      }
    }
  }
  words_.assign(words.begin(), words.end());
}

std::string Mutator::input(std::uint64_t seed, std::uint64_t iteration) const {
  if (iteration < seeds_.size()) return seeds_[iteration];
  static constexpr std::array<Operation, 10> operations{
      &Mutator::flip_bit, &Mutator::set_byte, &Mutator::erase_piece,  &Mutator::repeat_piece, &Mutator::move_piece,
      &Mutator::truncate, &Mutator::splice,   &Mutator::insert_token, &Mutator::replace_word, &Mutator::replace_number,
  };
  Dice dice(seed, iteration);
  std::string text = bases_.empty() ? std::string() : seeds_[bases_[dice.roll(bases_.size())]];
  // Few changes keep an input near what is valid, where the deep paths are; the mean is two.
  do {
    (this->*operations[dice.roll(operations.size())])(text, dice);
    if (text.size() > bytes_max) text.resize(bytes_max);
  } while (dice.one_in(2));
  return text;
}

std::string_view Mutator::token(Dice& dice) const {
  const std::uint64_t kind = dice.roll(3);
  if (kind == 0 && !words_.empty()) return words_[dice.roll(words_.size())];
  return kind == 1 ? numbers[dice.roll(numbers.size())] : tokens[dice.roll(tokens.size())];
}

void Mutator::flip_bit(std::string& text, Dice& dice) const {
  if (text.empty()) return;
  char& byte = text[dice.roll(text.size())];
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1u << dice.roll(8)));
}

void Mutator::set_byte(std::string& text, Dice& dice) const {
  if (text.empty()) return;
  text[dice.roll(text.size())] = static_cast<char>(dice.roll(256));
}

void Mutator::erase_piece(std::string& text, Dice& dice) const {
  const Piece piece = any_piece(text, dice);
  text.erase(piece.begin, piece.length);
}

void Mutator::repeat_piece(std::string& text, Dice& dice) const {
  const Piece piece = any_piece(text, dice);
  const std::string copy = text.substr(piece.begin, piece.length);
  // A thousand opening brackets are what exhausts a stack.
  const std::size_t times = dice.one_in(8) ? 1 + dice.roll(2000) : 1 + dice.roll(3);
  std::string repeated;
  for (std::size_t i = 0; i < times && repeated.size() < bytes_max; ++i) repeated += copy;
  text.insert(piece.begin, repeated);
}

void Mutator::move_piece(std::string& text, Dice& dice) const {
  const Piece piece = any_piece(text, dice);
  const std::string moved = text.substr(piece.begin, piece.length);
  text.erase(piece.begin, piece.length);
  text.insert(dice.roll(text.size() + 1), moved);
}

void Mutator::truncate(std::string& text, Dice& dice) const { text.resize(dice.roll(text.size() + 1)); }

void Mutator::splice(std::string& text, Dice& dice) const {
  if (bases_.empty()) return;
  const std::string& other = seeds_[bases_[dice.roll(bases_.size())]];
  text.resize(dice.roll(text.size() + 1));
  text += other.substr(dice.roll(other.size() + 1));
}

void Mutator::insert_token(std::string& text, Dice& dice) const {
  text.insert(dice.roll(text.size() + 1), token(dice));
}

void Mutator::replace_word(std::string& text, Dice& dice) const {
  const Piece piece = any_run(text, dice, in_word);
  text.replace(piece.begin, piece.length, token(dice));
}

void Mutator::replace_number(std::string& text, Dice& dice) const {
  const Piece piece = any_run(text, dice, in_number);
  text.replace(piece.begin, piece.length, numbers[dice.roll(numbers.size())]);
}

}  // namespace plumb::fuzz
