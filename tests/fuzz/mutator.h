#pragma once
// Inputs for a fuzz target, made from seeds by a fixed rule: the same seeds, seed number and iteration give the same
// bytes, and no iteration depends on another, so that a failing one is run again alone.
//
// Its random numbers are its own: it tests the room that has the others.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::fuzz {

class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t iteration);
  std::uint64_t roll(std::uint64_t sides);  ///< 0 ... sides - 1; sides > 0. Its bias is of no concern here.
  bool one_in(std::uint64_t sides) { return roll(sides) == 0; }

 private:
  std::uint64_t state_;
};

class Mutator {
 public:
  static constexpr std::size_t bytes_max = std::size_t{32}
                                           << 10;  ///< of an input; longer seeds are only run as they are

  explicit Mutator(std::vector<std::string> seeds);

  std::size_t seeds() const { return seeds_.size(); }
  /// The seeds in their order, then mutations of them without end.
  std::string input(std::uint64_t seed, std::uint64_t iteration) const;

 private:
  using Operation = void (Mutator::*)(std::string&, Dice&) const;

  void flip_bit(std::string& text, Dice& dice) const;
  void set_byte(std::string& text, Dice& dice) const;
  void erase_piece(std::string& text, Dice& dice) const;
  void repeat_piece(std::string& text, Dice& dice) const;
  void move_piece(std::string& text, Dice& dice) const;
  void truncate(std::string& text, Dice& dice) const;
  void splice(std::string& text, Dice& dice) const;
  void insert_token(std::string& text, Dice& dice) const;
  void replace_word(std::string& text, Dice& dice) const;
  void replace_number(std::string& text, Dice& dice) const;

  std::string_view token(Dice& dice) const;

  std::vector<std::string> seeds_;
  std::vector<std::size_t> bases_;  ///< indices of seeds that are mutated
  std::vector<std::string> words_;  ///< of the seeds
};

}  // namespace plumb::fuzz
