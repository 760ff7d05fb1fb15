// Times smalti's exact search against faiss's IndexFlatL2, both on two threads and all queries at
// once, in alternating pairs, and judges both by float64 distances to all tiles.
//
//   match-bench compare TILES QUERIES DIMENSIONS PAIRS     files of float32, vector after vector
//   match-bench time TILES QUERIES DIMENSIONS RUNS         smalti alone
//   match-bench tiles COUNT FILE PICTURE...                descriptors of crops of the pictures
//   match-bench queries COLUMNS ROWS FILE PICTURE...       descriptors of their cells

#include <faiss/IndexFlat.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "images/pixels.h"
#include "match/descriptor.h"
#include "match/vector_index.h"

namespace {

constexpr int kThreads = 2;

struct Vectors {
  std::vector<float> values;
  std::size_t dimensions;

  std::size_t size() const { return values.size() / dimensions; }
  const float* operator[](std::size_t i) const { return &values[i * dimensions]; }
};

Vectors read(const char* path, std::size_t dimensions) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error(std::string("cannot open ") + path);
  const auto bytes = static_cast<std::size_t>(file.tellg());
  const std::size_t row = dimensions * sizeof(float);
  if (bytes == 0 || bytes % row != 0)
    throw std::runtime_error(std::string(path) + " has no whole number of vectors of " +
                             std::to_string(dimensions) + " float32");
  Vectors vectors{std::vector<float>(bytes / sizeof(float)), dimensions};
  file.seekg(0);
  file.read(reinterpret_cast<char*>(vectors.values.data()), static_cast<std::streamsize>(bytes));
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  for (const float v : vectors.values)
    if (!std::isfinite(v))
      throw std::runtime_error(std::string(path) + " holds what is no finite number");
  return vectors;
}

// Calls work(begin, end) for all of `count` in chunks, on kThreads threads.
void share(std::size_t count, std::size_t chunk,
           const std::function<void(std::size_t, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t at = next.fetch_add(chunk); at < count; at = next.fetch_add(chunk))
      work(at, std::min(at + chunk, count));
  };
  std::vector<std::thread> others;
  for (int i = 1; i < kThreads; ++i) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
}

// What a piece of work takes: by the clock, and of all processors together.
struct Cost {
  double wall_s;
  double cpu_s;
};

// Beginning at rest: threads of BLAS and OpenMP wait actively for a while after their work.
Cost cost_of(const std::function<void()>& work) {
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Medians {
  std::vector<double> wall;
  std::vector<double> cpu;

  void add(const Cost& cost) {
    wall.push_back(cost.wall_s);
    cpu.push_back(cost.cpu_s);
  }
};

// The least distance of each query, from looking at every tile. A sum stops when it is above what
// `found` has: then that tile is not nearer.
std::vector<double> least(const Vectors& tiles, const Vectors& queries,
                          const std::vector<std::int32_t>& found) {
  std::vector<double> distances(queries.size());
  share(queries.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t q = begin; q < end; ++q) {
      const float* query = queries[q];
      double best = smalti::match::squared_distance(
          query, tiles[static_cast<std::size_t>(found[q])], tiles.dimensions);
      for (std::size_t t = 0; t < tiles.size(); ++t) {
        const float* tile = tiles[t];
        double sum = 0;
        for (std::size_t i = 0; i < tiles.dimensions && sum < best; ++i) {
          const double d = static_cast<double>(query[i]) - static_cast<double>(tile[i]);
          sum += d * d;
        }
        best = std::min(best, sum);
      }
      distances[q] = best;
    }
  });
  return distances;
}

// Answers whose tile is farther away than the nearest.
std::size_t count_wrong(const Vectors& tiles, const Vectors& queries,
                        const std::vector<std::int32_t>& found, const std::vector<double>& least) {
  std::size_t wrong = 0;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    const auto tile = static_cast<std::size_t>(found[q]);
    if (smalti::match::squared_distance(queries[q], tiles[tile], tiles.dimensions) > least[q])
      ++wrong;
  }
  return wrong;
}

// The tree, and its answers to all queries.
class Tree {
 public:
  Tree(const Vectors& tiles, const Vectors& queries)
      : queries_(queries),
        index_(tiles.values.data(), tiles.size(), tiles.dimensions),
        found_(queries.size()) {}

  void search() {
    const std::vector<std::size_t> order = visiting_order();
    share(queries_.size(), 64, [&](std::size_t begin, std::size_t end) {
      std::int32_t guess = 0;
      for (std::size_t i = begin; i < end; ++i)
        guess = found_[order[i]] = index_.nearest(queries_[order[i]], guess).number;
    });
  }
  const std::vector<std::int32_t>& found() const { return found_; }

 private:
  // So that each query is near the one before.
  std::vector<std::size_t> visiting_order() const {
    std::vector<std::pair<std::size_t, std::size_t>> places(queries_.size());
    share(places.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) places[i] = {index_.place_near(queries_[i]), i};
    });
    std::sort(places.begin(), places.end());
    std::vector<std::size_t> order;
    for (const auto& [place, query] : places) order.push_back(query);
    return order;
  }

  const Vectors& queries_;
  smalti::match::VectorIndex index_;
  std::vector<std::int32_t> found_;
};

class Flat {
 public:
  using Number = faiss::Index::idx_t;

  Flat(const Vectors& tiles, const Vectors& queries)
      : queries_(queries),
        index_(static_cast<Number>(tiles.dimensions)),
        distances_(queries.size()),
        labels_(queries.size()) {
    index_.add(static_cast<Number>(tiles.size()), tiles.values.data());
  }

  void search() {
    index_.search(static_cast<Number>(queries_.size()), queries_.values.data(), 1,
                  distances_.data(), labels_.data());
  }
  std::vector<std::int32_t> found() const { return {labels_.begin(), labels_.end()}; }

 private:
  const Vectors& queries_;
  faiss::IndexFlatL2 index_;
  std::vector<float> distances_;
  std::vector<Number> labels_;
};

void print(const char* what, const Medians& times) {
  std::printf("%s_s %.4f\n%s_cpu_s %.4f\n", what, median(times.wall), what, median(times.cpu));
}

void print(const Vectors& tiles, const Vectors& queries, const Cost& build) {
  std::printf("tiles %zu\nqueries %zu\ndimensions %zu\nbuild_s %.3f\n", tiles.size(),
              queries.size(), tiles.dimensions, build.wall_s);
}

void compare(const Vectors& tiles, const Vectors& queries, int pairs) {
  std::optional<Tree> tree;
  const Cost build = cost_of([&] { tree.emplace(tiles, queries); });
  Flat flat(tiles, queries);
  tree->search();
  Medians tree_times;
  Medians flat_times;
  std::vector<double> ratios;
  for (int i = 0; i < pairs; ++i) {
    flat_times.add(cost_of([&] { flat.search(); }));
    tree_times.add(cost_of([&] { tree->search(); }));
    ratios.push_back(flat_times.wall.back() / tree_times.wall.back());
  }
  print(tiles, queries, build);
  print("smalti", tree_times);
  print("faiss", flat_times);
  const std::vector<double> right = least(tiles, queries, tree->found());
  std::printf("faiss_wrong %zu\n", count_wrong(tiles, queries, flat.found(), right));
  std::printf("wrong %zu\n", count_wrong(tiles, queries, tree->found(), right));
  std::printf("ratio %.1f\n", median(ratios));
}

void time_alone(const Vectors& tiles, const Vectors& queries, int runs) {
  std::optional<Tree> tree;
  const Cost build = cost_of([&] { tree.emplace(tiles, queries); });
  tree->search();
  Medians times;
  for (int i = 0; i < runs; ++i) times.add(cost_of([&] { tree->search(); }));
  print(tiles, queries, build);
  print("smalti", times);
}

cv::Mat read_picture(const char* path) {
  cv::Mat pixels = cv::imread(path, cv::IMREAD_COLOR);
  if (pixels.empty()) throw std::runtime_error(std::string("cannot decode ") + path);
  cv::cvtColor(pixels, pixels, cv::COLOR_BGR2RGB);
  return pixels;
}

void write(const char* path, const std::vector<float>& values) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(float)));
  if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + path);
}

void append(const smalti::match::DescriptorTable& table, std::vector<float>& values) {
  for (std::size_t i = 0; i < table.size(); ++i)
    values.insert(values.end(), table[i].begin(), table[i].end());
}

// As many crops of each picture, of 3:4, at any place and of a height from a tenth to all of it.
void make_tiles(std::size_t count, const char* file, std::span<char*> pictures) {
  std::mt19937 random(1);
  const auto any = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  std::vector<float> values;
  for (std::size_t p = 0; p < pictures.size(); ++p) {
    const cv::Mat pixels = read_picture(pictures[p]);
    const smalti::Picture picture = smalti::images::to_picture(pixels);
    const int tallest = std::min(pixels.rows, pixels.cols * 4 / 3);
    const std::size_t until = count * (p + 1) / pictures.size();
    while (values.size() < until * smalti::match::kDescriptorSize) {
      const int height = std::max(8, tallest / 10 + any(tallest - tallest / 10));
      const int width = height * 3 / 4;
      append(smalti::match::describe(
                 picture, smalti::Rect{any(pixels.cols - width + 1), any(pixels.rows - height + 1),
                                       width, height}),
             values);
    }
  }
  write(file, values);
}

void make_queries(int columns, int rows, const char* file, std::span<char*> pictures) {
  std::vector<float> values;
  for (const char* path : pictures) {
    const cv::Mat pixels = read_picture(path);
    const smalti::Grid grid = smalti::Grid::even({pixels.cols, pixels.rows}, columns, rows, {1, 1});
    append(smalti::match::describe(smalti::images::to_picture(pixels), grid), values);
  }
  write(file, values);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  const std::string task = argc > 4 ? argv[1] : "";
  if ((task == "compare" || task == "time") && argc == 6) {
    omp_set_num_threads(kThreads);
    const auto dimensions = static_cast<std::size_t>(std::stoul(argv[4]));
    if (dimensions == 0) throw std::runtime_error("vectors have one number at least");
    const auto run = task == "compare" ? compare : time_alone;
    run(read(argv[2], dimensions), read(argv[3], dimensions), std::stoi(argv[5]));
  } else if (task == "tiles") {
    make_tiles(std::stoul(argv[2]), argv[3], words.subspan(4));
  } else if (task == "queries" && argc > 5) {
    make_queries(std::stoi(argv[2]), std::stoi(argv[3]), argv[4], words.subspan(5));
  } else {
    std::fprintf(stderr, "match-bench: see the top of its source for how to call it\n");
    return 2;
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "match-bench: %s\n", error.what());
  return 1;
}
