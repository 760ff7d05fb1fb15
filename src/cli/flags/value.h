#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/flags/notation.h"
#include "cli/flags/structs.h"

/// What options take, and the fields that they set. The functions below make a Value out of a form
/// and a field, given as a pointer to member; of several, that of the struct which the command has.
namespace smalti::cli {

using Words = std::vector<std::string>;

struct Value {
  enum class Count {
    kFlag,     ///< none
    kOff,      ///< none: it turns off what is on by itself
    kOne,      ///< one
    kOneEach,  ///< one each time that it is given
    kMany,     ///< one or more each time
  };
  Count count = Count::kOne;

  /// Where it takes one of a few: these, in capitals or not.
  Words names;

  /// What is wrong with a word, found while the line is read; empty: nothing.
  std::function<std::string(const std::string& word)> complaint;

  /// Sets the field. A flag's word is "true" or "false". Throws Error (kUsage) with the option's
  /// name for a word out of form.
  std::function<void(const Structs& structs, const std::string& option, const Words& words)> set;

  /// The words that would set the field to what it is; none for an absent value, a list without
  /// entries, a flag that is off, or where the field is not among the structs.
  std::function<Words(const Structs& structs)> get;

  bool is_flag() const { return count == Count::kFlag || count == Count::kOff; }
};

/// How values of a type are written.
template <typename T>
struct Form {
  std::function<T(const std::string& option, const std::string& word)> read;
  std::function<std::string(const T&)> write;
  std::function<std::string(const std::string& word)> complaint = {};  ///< Value::complaint
  Words names = {};                                                    ///< Value::names
};

template <typename T>
using Names = std::vector<std::pair<std::string, T>>;

Form<int> whole_form(int least, int most);
Form<std::uint64_t> seed_form();
Form<double> number_form(double least, double most);
Form<double> share_form();
Form<double> time_form(double least);
Form<std::int64_t> megapixels_form();
Form<std::int64_t> whole_megapixels_form();
Form<std::uint64_t> bytes_form(std::uint64_t least);
Form<Size> size_form();
Form<Aspect> aspect_form();
Form<Rational> rate_form();
Form<std::filesystem::path> path_form();
Form<std::string> text_form();
Form<std::pair<std::string, std::string>> setting_form();

/// "foo not in {bar,baz}" where it is not.
std::string not_among(const std::string& word, const Words& names);
/// The place of a word among names, in capitals or not. It is there.
std::size_t place_of(const std::string& word, const Words& names);

/// The first of the fields whose struct is there; null where none is.
template <typename Field, typename... Struct>
Field* find_field(const Structs& structs, Field Struct::*... fields) {
  Field* found = nullptr;
  const auto look = [&](auto* place, auto field) {
    if (found == nullptr && place != nullptr) found = &(place->*field);
  };
  (look(structs.find<Struct>(), fields), ...);
  return found;
}

template <typename Field, typename... Struct>
Field& the_field(const Structs& structs, Field Struct::*... fields) {
  Field* found = find_field(structs, fields...);
  if (found == nullptr) throw std::logic_error("an option has no field in its command");
  return *found;
}

template <typename T>
struct Plain {
  using Type = T;
  static bool there(const T& /*field*/) { return true; }
  static const T& of(const T& field) { return field; }
};
template <typename T>
struct Plain<std::optional<T>> {
  using Type = T;
  static bool there(const std::optional<T>& field) { return field.has_value(); }
  static const T& of(const std::optional<T>& field) { return *field; }
};

/// One value. The field may be optional.
template <typename Field, typename... Struct>
Value one(Form<typename Plain<Field>::Type> form, Field Struct::*... fields) {
  Value value;
  value.names = form.names;
  value.complaint = form.complaint;
  value.set = [=](const Structs& structs, const std::string& option, const Words& words) {
    the_field(structs, fields...) = form.read(option, words.back());
  };
  value.get = [=](const Structs& structs) -> Words {
    const Field* field = find_field(structs, fields...);
    if (field == nullptr || !Plain<Field>::there(*field)) return {};
    return {form.write(Plain<Field>::of(*field))};
  };
  return value;
}

/// Several, in a vector.
template <typename T, typename... Struct>
Value several(Value::Count count, Form<T> form, std::vector<T> Struct::*... fields) {
  Value value;
  value.count = count;
  value.complaint = form.complaint;
  value.set = [=](const Structs& structs, const std::string& option, const Words& words) {
    std::vector<T>& field = the_field(structs, fields...);
    field.clear();
    for (const std::string& word : words) field.push_back(form.read(option, word));
  };
  value.get = [=](const Structs& structs) {
    Words words;
    if (const std::vector<T>* field = find_field(structs, fields...))
      for (const T& entry : *field) words.push_back(form.write(entry));
    return words;
  };
  return value;
}

template <typename... Struct>
Value flag(bool Struct::*... fields) {
  Value value;
  value.count = Value::Count::kFlag;
  value.set = [=](const Structs& structs, const std::string& /*option*/, const Words& words) {
    the_field(structs, fields...) = words.back() == "true";
  };
  value.get = [=](const Structs& structs) {
    const bool* field = find_field(structs, fields...);
    return field != nullptr && *field ? Words{"true"} : Words{};
  };
  return value;
}

/// A flag that makes it false.
template <typename Struct>
Value off(bool Struct::*field) {
  Value value = flag(field);
  value.count = Value::Count::kOff;
  value.get = [=](const Structs& structs) {
    const bool* on = find_field(structs, field);
    return on != nullptr && !*on ? Words{"false"} : Words{};
  };
  return value;
}

/// "3".
template <typename Field, typename... Struct>
Value whole(int least, int most, Field Struct::*... fields) {
  return one(whole_form(least, most), fields...);
}

/// "0.5".
template <typename Field, typename... Struct>
Value number(double least, double most, Field Struct::*... fields) {
  return one(number_form(least, most), fields...);
}

/// "1:30.5", in seconds.
template <typename Field, typename... Struct>
Value time(double least, Field Struct::*... fields) {
  return one(time_form(least), fields...);
}

/// "500M".
template <typename Field, typename... Struct>
Value bytes(std::uint64_t least, Field Struct::*... fields) {
  return one(bytes_form(least), fields...);
}

/// "1280x720", "3:4", "30000/1001".
template <typename Field, typename... Struct>
Value size(Field Struct::*... fields) {
  return one(size_form(), fields...);
}
template <typename Field, typename... Struct>
Value aspect(Field Struct::*... fields) {
  return one(aspect_form(), fields...);
}
template <typename Field, typename... Struct>
Value rate(Field Struct::*... fields) {
  return one(rate_form(), fields...);
}

/// A file or folder.
template <typename Field, typename... Struct>
Value path(Field Struct::*... fields) {
  return one(path_form(), fields...);
}
template <typename... Struct>
Value paths(std::vector<std::filesystem::path> Struct::*... fields) {
  return several(Value::Count::kMany, path_form(), fields...);
}

template <typename Field, typename... Struct>
Value text(Field Struct::*... fields) {
  return one(text_form(), fields...);
}

/// One of a few names. Where two stand for the same, the first is the usual one.
template <typename T>
Form<T> names_form(const Names<T>& names) {
  Form<T> form;
  for (const auto& [name, value] : names) form.names.push_back(name);
  form.complaint = [all = form.names](const std::string& word) { return not_among(word, all); };
  form.read = [names, all = form.names](const std::string& /*option*/, const std::string& word) {
    return names[place_of(word, all)].second;
  };
  return form;
}

template <typename T>
const std::string& name_among(const Names<T>& names, const T& value) {
  return std::find_if(names.begin(), names.end(),
                      [&](const auto& name) { return name.second == value; })
      ->first;
}

template <typename T, typename Field, typename... Struct>
Value choice(const Names<T>& names, Field Struct::*... fields) {
  Form<T> form = names_form(names);
  form.write = [names](const T& value) { return name_among(names, value); };
  return one(form, fields...);
}

/// Sets what it likes in a struct; for what is more than a field. `set` takes the struct, the
/// option's name and the word, `get` the struct, and returns the word if there is one.
template <typename Struct, typename Set, typename Get>
Value custom(Set set, Get get) {
  Value value;
  value.set = [=](const Structs& structs, const std::string& option, const Words& words) {
    Struct* place = structs.find<Struct>();
    if (place == nullptr) throw std::logic_error("an option has no struct in its command");
    set(*place, option, words.back());
  };
  value.get = [=](const Structs& structs) -> Words {
    const Struct* place = structs.find<Struct>();
    if (place == nullptr) return {};
    const std::optional<std::string> word = get(*place);
    return word ? Words{*word} : Words{};
  };
  return value;
}

/// For an option that sets nothing that could be told again.
template <typename Struct, typename Set>
Value custom(Set set) {
  return custom<Struct>(set, [](const Struct&) { return std::optional<std::string>(); });
}

/// Of one with a form that is checked while the line is read.
template <typename T>
Value checked(Value value, const Form<T>& form) {
  value.complaint = form.complaint;
  value.names = form.names;
  return value;
}

}  // namespace smalti::cli
