/** The style of the evidence report: light, readable on paper, nothing fetched. */
export const REPORT_STYLE = `
:root { color: #1c2733; background: #fff; font: 15px/1.5 "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif; }
body { margin: 0 auto; padding: 40px 32px 64px; max-width: 1040px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 40px 0 10px; padding-top: 14px; border-top: 1px solid #d8dfe6; }
p { margin: 6px 0; } .lead { color: #51606f; margin-bottom: 24px; } .none { color: #51606f; font-style: italic; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; margin: 0; }
.facts div { border: 1px solid #d8dfe6; border-radius: 8px; padding: 12px 14px; }
.facts dt { font-size: 12px; color: #51606f; } .facts dd { margin: 2px 0 0; font-size: 18px; font-weight: 600; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 13px; margin: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px 6px 0; border-bottom: 1px solid #e6ebf0; overflow-wrap: break-word; }
th { font-size: 12px; color: #51606f; font-weight: 600; border-bottom-color: #b9c4cf; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: 12px/1.4 ui-monospace, "Cascadia Mono", Consolas, Menlo, monospace; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: 1px 8px; border-radius: 10px; font-size: 12px; font-weight: 600; white-space: nowrap; border: 1px solid; }
.badge.good { color: #0b5d33; background: #e5f4ea; border-color: #9fd0b2; }
.badge.bad { color: #8c1c13; background: #fdeceA; border-color: #eab0aa; }
.badge.open { color: #6b4a00; background: #fdf3da; border-color: #e3c987; }
@media print {
  @page { size: A4; margin: 16mm 14mm; }
  :root { font-size: 10.5pt; } body { padding: 0; max-width: none; }
  h2 { break-after: avoid; } tr, .facts div { break-inside: avoid; } thead { display: table-header-group; }
  .badge, .facts div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
