# SPDX-License-Identifier: BSD-3-Clause
"""The style sheet of the pages. The grounds are those of memqc.plot."""

STYLE = """
:root { --ground: #ffffff; --ink: #1c2126; --soft: #59616a; --line: #d9dee3; --tint: #f4f6f8;
  --accent: #00558a; --mark: #e8f1f8; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ground: #16191d; --ink: #e8eaed; --soft: #a9b1ba; --line: #363c43; --tint: #1f242a;
    --accent: #7cc0ee; --mark: #1d3346; }
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 62rem; background: var(--ground);
  color: var(--ink); line-height: 1.55; overflow-wrap: break-word;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
  sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 0 0 .7rem; padding-top: .9rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p, ul { margin: 0 0 .9rem; max-width: 44rem; }
li { margin-bottom: .3rem; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .92em;
  overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
.lead, .note, footer { color: var(--soft); }
.lead { font-size: 1.05rem; }
.verdict { font-size: 1.08rem; border-left: 4px solid var(--accent); padding: .1rem 0 .1rem 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0;
  margin: 1.1rem 0 1.6rem; max-width: none; font-size: .95rem; }
section { margin-top: 2.2rem; }
dl.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .8rem;
  margin: 0 0 1.2rem; }
.tile { background: var(--tint); border: 1px solid var(--line); border-radius: .5rem;
  padding: .75rem .95rem; }
.tile dt { color: var(--soft); font-size: .88rem; }
.tile dd { margin: 0; }
.tile strong { display: block; font-size: 1.35rem; line-height: 1.3; }
.tile span { font-size: .88rem; color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr));
  gap: 1.2rem 1.6rem; align-items: start; margin: 1rem 0; }
figure { margin: 0; min-width: 0; }
figure.wide { max-width: 44rem; margin: 1rem 0; }
figure img { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .92rem; margin-top: .3rem; max-width: 44rem; }
table { border-collapse: collapse; margin: 1rem 0 1.3rem; width: 100%; font-size: .95rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .92rem; padding-bottom: .4rem; }
th, td { padding: .38rem .7rem; border-bottom: 1px solid var(--line); text-align: right;
  vertical-align: top; }
th:first-child { text-align: left; padding-left: .3rem; }
thead th { font-weight: 600; color: var(--soft); border-bottom-width: 2px; vertical-align: bottom; }
tbody th { font-weight: 600; }
tbody th small { display: block; font-weight: 400; color: var(--soft); }
tr.marked { background: var(--mark); }
figure.narrow { max-width: 30rem; margin: 1rem 0; }
footer { margin-top: 2.5rem; padding-top: .9rem; border-top: 2px solid var(--line);
  font-size: .9rem; }
@media (min-width: 44.01rem) {
  td { white-space: nowrap; }
}
@media (max-width: 44rem) {
  body { padding: 1.2rem 1rem 2rem; }
  h1 { font-size: 1.5rem; }
  table, tbody, tr, th, td { display: block; width: 100%; }
  caption { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .7rem;
    padding: .4rem .8rem; }
  tbody th { text-align: left; border-bottom: 0; padding: .2rem 0 .3rem; }
  td { display: flex; justify-content: space-between; gap: 1rem; padding: .15rem 0; border: 0; }
  td::before { content: attr(data-head); color: var(--soft); text-align: left; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip { display: none; }
  h2, h3, caption { break-after: avoid; }
  figure, tr, .tile, .verdict { break-inside: avoid; }
  .figures { grid-template-columns: 1fr 1fr; }
  a { color: inherit; text-decoration: none; }
}
"""
