#include "cli/program.h"

int main(int argc, char** argv) { return plumb::cli::run_program(argc, argv); }
