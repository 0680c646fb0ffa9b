// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The only script that knows where the chart library lies; Maven fills in its version.
export { default } from "/webjars/uplot/${uplot.version}/dist/uPlot.esm.js";
