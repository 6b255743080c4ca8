use leakdiff::formats::*;
fn main(){ for p in std::env::args().skip(1){ let t=String::from_utf8_lossy(&std::fs::read(&p).unwrap()).into_owned(); let r=by_name("tracemalloc").unwrap().parse(&t);
 println!("{} {} {} {}", p, r.snapshots.iter().map(|s|s.readings.len()).sum::<usize>(), r.snapshots.len(), r.unreadable_lines);
 if std::env::var("V").is_ok(){ for s in &r.snapshots{ println!(" -- {:?} {:?} {:?}",s.at,s.cut,s.dialect); for x in &s.readings{ println!("   {} {:?} {:?} {:?}", leakdiff::model::Site::of(r.sites.place(x.site).clone()).text(), x.size, x.blocks,x.change);} } for n in &r.notices{println!("  ! {} {}",n.line,n.message);} } } }
