//! Names of months and weekdays, by language, as `date` prints them: abbreviated, in full, and in the genitive.

/// The names of a language, in lower case and without a full stop at their end.
pub(super) struct Language {
    /// January to December, separated by semicolons; the names of one month by blanks.
    pub(super) months: &'static str,
    /// Sunday to Saturday likewise.
    pub(super) weekdays: &'static str,
}

const fn language(months: &'static str, weekdays: &'static str) -> Language {
    Language { months, weekdays }
}

/// The languages, those of most logs first: where a word means two months, the first one counts.
#[rustfmt::skip]
pub(super) const LANGUAGES: [Language; 42] = [
    // English
    language(
        "jan january; feb february; mar march; apr april; may; jun june; jul july; aug august; sep september sept; \
         oct october; nov november; dec december",
        "sun sunday; mon monday; tue tuesday tues; wed wednesday; thu thursday thur thurs; fri friday; sat saturday",
    ),
    // German
    language(
        "jan januar jän jänner; feb februar; mär märz mrz; apr april; mai; jun juni; jul juli; aug august; sep \
         september; okt oktober; nov november; dez dezember",
        "so sonntag; mo montag; di dienstag; mi mittwoch; do donnerstag; fr freitag; sa samstag sonnabend",
    ),
    // French
    language(
        "janv janvier; févr février fév; mars; avril avr; mai; juin; juil juillet jui; août aoû; sept septembre; oct \
         octobre; nov novembre; déc décembre",
        "dim dimanche; lun lundi; mar mardi; mer mercredi; jeu jeudi; ven vendredi; sam samedi",
    ),
    // Spanish
    language(
        "ene enero; feb febrero; mar marzo; abr abril; may mayo; jun junio; jul julio; ago agosto; sep septiembre \
         sept set setiembre; oct octubre; nov noviembre; dic diciembre",
        "dom domingo; lun lunes; mar martes; mié miércoles mie; jue jueves; vie viernes; sáb sábado sab",
    ),
    // Italian
    language(
        "gen gennaio; feb febbraio; mar marzo; apr aprile; mag maggio; giu giugno; lug luglio; ago agosto; set \
         settembre; ott ottobre; nov novembre; dic dicembre",
        "dom domenica; lun lunedì; mar martedì; mer mercoledì; gio giovedì; ven venerdì; sab sabato",
    ),
    // Portuguese
    language(
        "jan janeiro; fev fevereiro; mar março; abr abril; mai maio; jun junho; jul julho; ago agosto; set setembro; \
         out outubro; nov novembro; dez dezembro",
        "dom domingo; seg segunda segunda-feira; ter terça terça-feira; qua quarta quarta-feira; qui quinta \
         quinta-feira; sex sexta sexta-feira; sáb sábado sab",
    ),
    // Dutch
    language(
        "jan januari; feb februari; mrt maart; apr april; mei; jun juni; jul juli; aug augustus; sep september; okt \
         oktober; nov november; dec december",
        "zo zondag; ma maandag; di dinsdag; wo woensdag; do donderdag; vr vrijdag; za zaterdag",
    ),
    // Polish
    language(
        "sty stycznia styczeń; lut lutego luty; mar marca marzec; kwi kwietnia kwiecień; maj maja; cze czerwca \
         czerwiec; lip lipca lipiec; sie sierpnia sierpień; wrz września wrzesień; paź października październik; lis \
         listopada listopad; gru grudnia grudzień",
        "nie niedziela niedz nd; pon poniedziałek pn; wto wtorek wt; śro środa śr; czw czwartek; pią piątek pt; sob \
         sobota",
    ),
    // Czech
    language(
        "led ledna leden; úno února únor; bře března březen; dub dubna duben; kvě května květen; čen června červen; \
         čec července červenec; srp srpna srpen; zář září; říj října říjen; lis listopadu listopad; pro prosince \
         prosinec",
        "ne neděle; po pondělí; út úterý; st středa; čt čtvrtek; pá pátek; so sobota",
    ),
    // Slovak
    language(
        "jan január januára; feb február februára; mar marec marca; apr apríl apríla; máj mája; jún júna; júl júla; \
         aug august augusta; sep september septembra; okt október októbra; nov november novembra; dec december \
         decembra",
        "ne nedeľa; po pondelok; ut utorok; st streda; št štvrtok; pi piatok; so sobota",
    ),
    // Danish
    language(
        "jan januar; feb februar; mar marts; apr april; maj; jun juni; jul juli; aug august; sep september; okt \
         oktober; nov november; dec december",
        "søn søndag; man mandag; tir tirsdag; ons onsdag; tor torsdag; fre fredag; lør lørdag",
    ),
    // Norwegian (Bokmål)
    language(
        "jan januar; feb februar; mars; april apr; mai; juni jun; juli jul; aug august; sep september; okt oktober; \
         nov november; des desember",
        "sø søndag søn; ma mandag man; ti tirsdag tir; on onsdag ons; to torsdag tor tors; fr fredag fre; lø lørdag \
         lør",
    ),
    // Norwegian (Nynorsk)
    language(
        "jan januar; feb februar; mars; april apr; mai; juni jun; juli jul; aug august; sep september; okt oktober; \
         nov november; des desember",
        "su sundag; må måndag; ty tysdag; on onsdag; to torsdag; fr fredag; la laurdag",
    ),
    // Swedish
    language(
        "jan januari; feb februari; mar mars; apr april; maj; jun juni; jul juli; aug augusti; sep september; okt \
         oktober; nov november; dec december",
        "sön söndag; mån måndag; tis tisdag; ons onsdag; tor torsdag tors; fre fredag; lör lördag",
    ),
    // Finnish
    language(
        "tammi tammikuu tammikuuta; helmi helmikuu helmikuuta; maalis maaliskuu maaliskuuta; huhti huhtikuu \
         huhtikuuta; touko toukokuu toukokuuta; kesä kesäkuu kesäkuuta; heinä heinäkuu heinäkuuta; elo elokuu \
         elokuuta; syys syyskuu syyskuuta; loka lokakuu lokakuuta; marras marraskuu marraskuuta; joulu joulukuu \
         joulukuuta",
        "su sunnuntai; ma maanantai; ti tiistai; ke keskiviikko; to torstai; pe perjantai; la lauantai",
    ),
    // Hungarian
    language(
        "jan január; febr február; márc március; ápr április; máj május; jún június; júl július; aug augusztus; szept \
         szeptember; okt október; nov november; dec december",
        "v vasárnap; h hétfő; k kedd; sze szerda; cs csütörtök; p péntek; szo szombat",
    ),
    // Romanian
    language(
        "ian ianuarie; feb februarie; mar martie; apr aprilie; mai; iun iunie; iul iulie; aug august; sep septembrie; \
         oct octombrie; nov noiembrie noi; dec decembrie",
        "du duminică dum; lu luni lun; ma marți mar mâ; mi miercuri mie; jo joi; vi vineri vin; sb sâmbătă sâm",
    ),
    // Turkish
    language(
        "oca ocak; şub şubat; mar mart; nis nisan; may mayıs; haz haziran; tem temmuz; ağu ağustos; eyl eylül; eki \
         ekim; kas kasım; ara aralık",
        "paz pazar; pzt pazartesi; sal salı; çrş çarşamba çar; prş perşembe per; cum cuma; cts cumartesi cmt",
    ),
    // Russian
    language(
        "янв января январь; фев февраля февраль февр; мар марта март; апр апреля апрель; мая май; июн июня июнь; июл \
         июля июль; авг августа август; сен сентября сентябрь сент; окт октября октябрь; ноя ноября ноябрь нояб; дек \
         декабря декабрь",
        "вс воскресенье; пн понедельник; вт вторник; ср среда; чт четверг; пт пятница; сб суббота",
    ),
    // Ukrainian
    language(
        "січ січня січень; лют лютого лютий; бер березня березень; кві квітня квітень квіт; тра травня травень трав; \
         чер червня червень черв; лип липня липень; сер серпня серпень серп; вер вересня вересень; жов жовтня жовтень \
         жовт; лис листопада листопад листоп; гру грудня грудень груд",
        "нд неділя; пн понеділок; вт вівторок; ср середа; чт четвер; пт п'ятниця; сб субота",
    ),
    // Belarusian
    language(
        "сту студзеня студзень; лют лютага люты; сак сакавіка сакавік; кра красавіка красавік; мая май траўня \
         травень; чэр чэрвеня чэрвень; ліп ліпеня ліпень; жні жніўня жнівень; вер верасня верасень; кас кастрычніка \
         кастрычнік; ліс лістапада лістапад; сне снежня снежань",
        "няд нядзеля; пан панядзелак; аўт аўторак; срд серада; чцв чацвер; пят пятніца; суб субота",
    ),
    // Bulgarian
    language(
        "яну януари; фев февруари; мар март; апр април; май; юни; юли; авг август; сеп септември; окт октомври; ное \
         ноември; дек декември",
        "нд неделя; пн понеделник; вт вторник; ср сряда; чт четвъртък; пт петък; сб събота",
    ),
    // Macedonian
    language(
        "јан јануари; фев февруари; мар март; апр април; мај; јун јуни; јул јули; авг август; сеп септември; окт \
         октомври; ное ноември; дек декември",
        "нед недела; пон понеделник; вто вторник; сре среда; чет четврток; пет петок; саб сабота",
    ),
    // Serbian
    language(
        "јан јануар jan januar; феб фебруар feb februar; мар март mar mart; апр април apr april; мај maj; јун jun; \
         јул jul; авг август avg avgust; сеп септембар sep septembar; окт октобар okt oktobar; нов новембар nov \
         novembar; дец децембар dec decembar",
        "нед недеља ned nedelja; пон понедељак pon ponedeljak; уто уторак uto utorak; сре среда sre sreda сри sri; \
         чет четвртак čet četvrtak; пет петак pet petak; суб субота sub subota",
    ),
    // Croatian
    language(
        "sij siječnja siječanj; velj veljače veljača vel; ožu ožujka ožujak; tra travnja travanj; svi svibnja \
         svibanj; lip lipnja lipanj; srp srpnja srpanj; kol kolovoza kolovoz; ruj rujna rujan; lis listopada \
         listopad; stu studenoga studeni studenog; pro prosinca prosinac",
        "ned nedjelja; pon ponedjeljak; uto utorak; sri srijeda; čet četvrtak; pet petak; sub subota",
    ),
    // Bosnian
    language(
        "jan januar; feb februar; mar mart; apr april; maj; jun juni; jul juli; aug august; sep septembar; okt \
         oktobar; nov novembar; dec decembar",
        "ned nedjelja; pon ponedjeljak; uto utorak; sri srijeda; čet četvrtak; pet petak; sub subota",
    ),
    // Slovenian
    language(
        "jan januar; feb februar; mar marec; apr april; maj; jun junij; jul julij; avg avgust; sep september; okt \
         oktober; nov november; dec december",
        "ned nedelja; pon ponedeljek; tor torek; sre sreda; čet četrtek; pet petek; sob sobota",
    ),
    // Lithuanian
    language(
        "saus sausio sausis; vas vasario vasaris; kov kovo kovas; bal balandžio balandis; geg gegužės gegužė; birž \
         birželio birželis; liep liepos liepa; rugp rugpjūčio rugpjūtis; rugs rugsėjo rugsėjis; spal spalio spalis; \
         lapkr lapkričio lapkritis; gruod gruodžio gruodis",
        "sk sekmadienis; pr pirmadienis; an antradienis; tr trečiadienis; kt ketvirtadienis; pn penktadienis; št \
         šeštadienis",
    ),
    // Latvian
    language(
        "jan janvāris; feb februāris; mar marts; apr aprīlis; mai maijs; jūn jūnijs; jūl jūlijs; aug augusts; sep \
         septembris; okt oktobris; nov novembris; dec decembris",
        "sv svētdiena svētd; p pirmdiena pirmd; o otrdiena otrd; t trešdiena trešd; c ceturtdiena ceturtd; pk \
         piektdiena piektd; s sestdiena sestd",
    ),
    // Estonian
    language(
        "jaan jaanuar; veebr veebruar; märts; apr aprill; mai; juuni; juuli; aug august; sept september; okt \
         oktoober; nov november; dets detsember",
        "p pühapäev; e esmaspäev; t teisipäev; k kolmapäev; n neljapäev; r reede; l laupäev",
    ),
    // Greek
    language(
        "ιαν ιανουαρίου ιανουάριος; φεβ φεβρουαρίου φεβρουάριος; μαρ μαρτίου μάρτιος μάρ; απρ απριλίου απρίλιος; μαΐ \
         μαΐου μάιος μάι; ιουν ιουνίου ιούνιος ιούν; ιουλ ιουλίου ιούλιος ιούλ; αυγ αυγούστου αύγουστος αύγ; σεπ \
         σεπτεμβρίου σεπτέμβριος; οκτ οκτωβρίου οκτώβριος; νοε νοεμβρίου νοέμβριος νοέ; δεκ δεκεμβρίου δεκέμβριος",
        "κυρ κυριακή; δευ δευτέρα; τρι τρίτη; τετ τετάρτη; πεμ πέμπτη; παρ παρασκευή; σαβ σάββατο",
    ),
    // Catalan
    language(
        "gen gener; febr febrer; març; abril abr; maig; juny; jul juliol; agost ag; set setembre; octubre oct; nov \
         novembre; des desembre",
        "dg diumenge; dl dilluns; dt dimarts; dc dimecres; dj dijous; dv divendres; ds dissabte",
    ),
    // Galician
    language(
        "xan xaneiro; feb febreiro; mar marzo; abr abril; mai maio; xuñ xuño; xul xullo; ago agosto; set setembro; \
         out outubro; nov novembro; dec decembro",
        "dom domingo; lun luns; mar martes; mér mércores; xov xoves; ven venres; sáb sábado",
    ),
    // Hebrew
    language(
        "ינו ינואר; פבר פברואר; מרץ; אפר אפריל; מאי; יונ יוני; יול יולי; אוג אוגוסט; ספט ספטמבר; אוק אוקטובר; נוב \
         נובמבר; דצמ דצמבר",
        "א ראשון; ב שני; ג שלישי; ד רביעי; ה חמישי; ו שישי; ש שבת",
    ),
    // Icelandic
    language(
        "jan janúar; feb febrúar; mar mars; apr apríl; maí; jún júní; júl júlí; ágú ágúst; sep september; okt \
         október; nóv nóvember; des desember",
        "sun sunnudagur; mán mánudagur; þri þriðjudagur; mið miðvikudagur; fim fimmtudagur; fös föstudagur; lau \
         laugardagur",
    ),
    // Afrikaans
    language(
        "jan januarie; feb februarie; mrt maart; apr april; mei; jun junie; jul julie; aug augustus; sep september; \
         okt oktober; nov november; des desember",
        "so sondag; ma maandag; di dinsdag; wo woensdag; do donderdag; vr vrydag; sa saterdag",
    ),
    // Indonesian
    language(
        "jan januari; feb februari; mar maret; apr april; mei; jun juni; jul juli; agu agustus agt; sep september; \
         okt oktober; nov november; des desember",
        "min minggu; sen senin; sel selasa; rab rabu; kam kamis; jum jumat; sab sabtu",
    ),
    // Malay
    language(
        "jan januari; feb februari; mac; apr april; mei; jun; jul julai; ogos; sep september; okt oktober; nov \
         november; dis disember",
        "ahd ahad; isn isnin; sel selasa; rab rabu; kha khamis; jum jumaat; sab sabtu",
    ),
    // Azerbaijani
    language(
        "yan yanvar; fev fevral; mar mart; apr aprel; may; i̇yn iyun; i̇yl iyul; avq avqust; sen sentyabr; okt \
         oktyabr; noy noyabr; dek dekabr",
        "baz bazar; ber bazar; çax çərşənbə; çər çərşənbə; cax cümə; cüm cümə; şnb şənbə",
    ),
    // Kazakh
    language(
        "қаң қаңтар; ақп ақпан; нау наурыз; сәу сәуір; мам мамыр; мау маусым; шіл шілде; там тамыз; қыр қыркүйек; қаз \
         қазан; қар қараша; жел желтоқсан",
        "жк жексенбі; дс дүйсенбі; сс сейсенбі; ср сәрсенбі; бс бейсенбі; жм жұма; сб сенбі",
    ),
    // Georgian
    language(
        "იან იანვარი; თებ თებერვალი; მარ მარტი; აპრ აპრილი; მაი მაისი; ივნ ივნისი; ივლ ივლისი; აგვ აგვისტო; სექ \
         სექტემბერი; ოქტ ოქტომბერი; ნოე ნოემბერი; დეკ დეკემბერი",
        "კვი კვირა; ორშ ორშაბათი; სამ სამშაბათი; ოთხ ოთხშაბათი; ხუთ ხუთშაბათი; პარ პარასკევი; შაბ შაბათი",
    ),
    // Arabic
    language(
        "ينا يناير; فبر فبراير; مار مارس; أبر أبريل; ماي مايو; يون يونيو; يول يوليو; أغس أغسطس; سبت سبتمبر; أكت \
         أكتوبر; نوف نوفمبر; ديس ديسمبر",
        "ح الأحد; ن الاثنين الإثنين; ث الثلاثاء; ر الأربعاء; خ الخميس; ج الجمعة; س السبت",
    ),
];
