#pragma once
// Machines whose units each have their own share of the memory's bandwidth: what has no tile of an operator leaves its
// share of peak and bandwidth unused. Most libraries cut the inner dimension, too, where tiles are few, and such a
// machine is not one of these; kernels of fixed tiles are (a class that says `tile_edges`).
//
//   fill       t = tiles of an operator, U units:  f = t / (ceil(t / U) U), and both sides of the roofline take 1 / f
//   product    R rows and n columns of k:  t = ceil(R / a) ceil(n / b) for the tile a x b of the list's edges that
//   costs
//              least,  (ceil(n / b) R k + ceil(R / a) n k + R n) / f^2:  numbers that tiles read and write, the more
//              the emptier the machine
//   attention  one tile a head of keys and values and query row:  t = heads R
//
// The rule of the choice is that of AttAcc's simulator (scale-snu/attacc_simulator@c600051 src/devices.py; its limit by
// the first cache, 192 KiB, excludes no tile that few rows have).
//
// Thread rule: pure functions.

#include <span>

namespace plumb::accelerator {

/// f, for tiles and units above 0.
double fill_of(double tiles, double units);

/// f of `batch` products of R rows, k and n. Precondition: edges and units above 0, rows above 0.
double product_fill(double rows, double inner, double columns, double batch, std::span<const double> edges,
                    double units);

}  // namespace plumb::accelerator
