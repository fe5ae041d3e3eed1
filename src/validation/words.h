#pragma once
// Words and numbers within the free text of published results: "mean 592 (first-turn question 466 + system 100)",
// "max_batch=896; limits p99 ttft 2000 ms". Nothing here fails; what is not found is absent.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::validation {

std::string lower_case(std::string_view text);

/// Lower-case letters and digits alone: "H100-SXM5 80GB" is "h100sxm580gb". Names are compared so.
std::string squeezed(std::string_view text);

/// Whether the word or phrase stands in the text, without regard to case.
bool says(std::string_view text, std::string_view phrase);

/// Whether it stands there with no letter or digit on either side.
bool says_word(std::string_view text, std::string_view word);

/// The first number in the text: digits, perhaps grouped by commas ("41,408") and with a fraction.
std::optional<double> first_number(std::string_view text);

/// The first number that stands after the phrase, with nothing between but blanks and the signs "=:~<>,(".
std::optional<double> number_after(std::string_view text, std::string_view phrase);

/// The whole number that stands right before the phrase: "500 requests".
std::optional<double> number_before(std::string_view text, std::string_view phrase);

/// Texts between the separators, without blanks around them and without empty ones.
std::vector<std::string_view> parts_of(std::string_view text, std::string_view separators);

}  // namespace plumb::validation
