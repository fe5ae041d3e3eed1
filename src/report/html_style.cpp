#include "report/html_style.h"

#include "report/theme.h"

namespace plumb::report {
namespace {

constexpr const char* text_css = R"css(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:80rem;padding:2.5rem 1.25rem 2rem;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans KR','Apple SD Gothic Neo',
'Malgun Gothic',sans-serif}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.015em;margin:0;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--grid)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
p,ul{margin:.75rem 0;max-width:44rem;overflow-wrap:anywhere}
ul{padding-left:1.25rem}
a{color:var(--accent)}
.lead{font-size:1.12rem;color:var(--dim);margin:.6rem 0 0}
.note,figcaption{font-size:.86rem;color:var(--dim)}
code,pre{font-family:ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.86em}
pre{background:var(--band);padding:.75rem 1rem;border-radius:6px;overflow-x:auto;line-height:1.45}
nav{margin-top:1.25rem;font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:0;max-width:none}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--grid);font-size:.86rem;color:var(--dim)}
footer p{margin:.25rem 0}
)css";

constexpr const char* block_css = R"css(
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1px;margin:1.75rem 0;
background:var(--grid);border:1px solid var(--grid);border-radius:8px;overflow:hidden}
.tiles div{background:var(--paper);padding:.8rem 1rem}
.tiles dt{font-size:.8rem;color:var(--dim)}
.tiles dd{margin:0;overflow-wrap:anywhere;font-size:1.35rem;font-weight:600;
letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tiles dd.note{font-size:.8rem;font-weight:400;letter-spacing:0}
.facts{margin:1rem 0;font-size:.94rem}
.facts div{display:grid;grid-template-columns:11rem 1fr;gap:1rem;padding:.35rem 0;border-bottom:1px solid var(--grid)}
.facts dt{color:var(--dim)}
.facts dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:1rem 0 .5rem;
background:linear-gradient(to right,var(--paper) 40%,transparent) 0 0/3rem 100% no-repeat local,
linear-gradient(to left,var(--paper) 40%,transparent) 100% 0/3rem 100% no-repeat local,
linear-gradient(to right,var(--grid),transparent) 0 0/1rem 100% no-repeat scroll,
linear-gradient(to left,var(--grid),transparent) 100% 0/1rem 100% no-repeat scroll}
table{border-collapse:collapse;min-width:100%;font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:0 0 .5rem}
th,td{padding:.42rem .55rem;text-align:left;vertical-align:baseline;
border-bottom:1px solid var(--grid);white-space:nowrap}
thead th{font-weight:600;font-size:.82rem;color:var(--dim);vertical-align:bottom;border-bottom:1px solid var(--axis)}
tbody th{font-weight:400}
.number{text-align:right}
.unit{display:block;font-weight:400;font-size:.92em;min-height:1.2em}
.best th,.best td{background:var(--best);font-weight:600}
.best :first-child{box-shadow:inset 3px 0 0 var(--c3)}
.tie th,.tie td{background:var(--tie)}
.tie :first-child{box-shadow:inset 3px 0 0 var(--c5)}
.total th,.total td{border-top:1px solid var(--axis);font-weight:600}
.muted th,.muted td{color:var(--dim)}
figure{margin:1.75rem 0;max-width:55rem}
figure svg{display:block;width:100%;height:auto}
figcaption{margin-top:.5rem;max-width:44rem}
.narrow{display:none}
)css";

constexpr const char* media_css = R"css(
@media (max-width:560px){
body{padding:1.5rem 1rem}
h1{font-size:1.5rem}
.wide{display:none}
.narrow{display:block}
.tiles{grid-template-columns:1fr 1fr}
.tiles dd{font-size:1.1rem}
.facts div{grid-template-columns:1fr;gap:0}
}
@media print{
@page{size:A4;margin:16mm 15mm}
html{font-size:9.5pt}
body{max-width:none;padding:0;font-size:1rem}
h2{margin-top:1.75rem}
h2,h3,caption{break-after:avoid}
nav{display:none}
.scroll{overflow:visible}
table{font-size:.88rem}
th,td{padding:.28rem .4rem;white-space:normal}
tr,figure,.tiles,.facts div{break-inside:avoid}
thead{display:table-header-group}
.wide{display:block}
.narrow{display:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
)css";

}  // namespace

std::string page_style() { return theme_css(":root") + text_css + block_css + media_css; }

}  // namespace plumb::report
