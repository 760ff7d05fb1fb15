// Writes the man page, which the program's table of options makes, into the file that is named.

#include "cli/text/man_page.h"

#include <fstream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ofstream file(argv[1]);
  file << smalti::cli::man_page() << std::flush;
  return file ? 0 : 1;
}
