/**
 * Names that a watch officer looks for: seas, straits, islands and ports of the Baltic, the North Sea and the
 * North Atlantic. Positions to a hundredth of a degree, for orientation and not for navigation.
 */
export interface Place {
  kind: 'sea' | 'island' | 'port';
  en: string;
  fr: string;
  lon: number;
  lat: number;
  /** The zoom from which the name is shown. */
  zoom: number;
}

const seas = `
Atlantic Ocean|océan Atlantique|38.00|-38.00|1
North Sea|mer du Nord|56.20|3.00|3
Baltic Sea|mer Baltique|55.95|18.60|3
Norwegian Sea|mer de Norvège|67.50|2.00|3
Barents Sea|mer de Barents|73.50|38.00|3
Greenland Sea|mer du Groenland|76.50|-5.00|3
Mediterranean Sea|mer Méditerranée|35.40|18.50|3
Black Sea|mer Noire|43.30|34.00|3
Bay of Biscay|golfe de Gascogne|45.40|-4.80|4
Celtic Sea|mer Celtique|50.30|-8.30|4
Irish Sea|mer d'Irlande|53.60|-4.90|5
English Channel|Manche|49.85|-2.60|4
Gulf of Bothnia|golfe de Botnie|62.30|19.60|4
Gulf of Finland|golfe de Finlande|59.80|25.80|5
Gulf of Riga|golfe de Riga|57.75|23.60|5
Gulf of Gdańsk|golfe de Gdańsk|54.62|19.20|6
Bothnian Bay|baie de Botnie|64.80|23.20|6
Sea of Åland|mer d'Åland|60.05|19.20|7
Archipelago Sea|mer de l'Archipel|60.10|21.60|7
Skagerrak|Skagerrak|57.95|9.00|5
Kattegat|Kattegat|56.75|11.75|5
The Sound|Øresund|55.78|12.74|8
Great Belt|Grand Belt|55.42|11.02|7
Little Belt|Petit Belt|55.12|9.90|8
Fehmarn Belt|Fehmarn Belt|54.60|11.28|8
Kiel Bight|baie de Kiel|54.58|10.45|7
Bay of Mecklenburg|baie de Mecklembourg|54.28|11.72|7
Arkona Basin|bassin d'Arkona|54.90|13.50|7
Pomeranian Bay|baie de Poméranie|54.15|14.35|7
Hanö Bay|baie de Hanö|55.72|14.85|7
German Bight|baie Allemande|54.20|7.40|6
Dover Strait|pas de Calais|51.02|1.45|7
Dogger Bank|Dogger Bank|54.80|2.40|6
Fisher Bank|banc Fisher|57.00|5.20|7
Pentland Firth|Pentland Firth|58.72|-3.20|8
Moray Firth|Moray Firth|57.90|-3.30|7
The Minch|The Minch|58.10|-5.95|7
North Channel|canal du Nord|54.90|-5.45|7
St George's Channel|canal Saint-Georges|52.00|-6.00|6
Bristol Channel|canal de Bristol|51.30|-4.60|7
Strait of Gibraltar|détroit de Gibraltar|35.93|-5.62|7
White Sea|mer Blanche|65.60|37.60|5
Denmark Strait|détroit du Danemark|66.60|-27.00|5
Limfjord|Limfjord|56.93|9.05|9
Aarhus Bay|baie d'Aarhus|56.11|10.37|9
Smålandsfarvandet|Smålandsfarvandet|55.05|11.45|9
Kalmar Strait|détroit de Kalmar|56.75|16.48|8
Irbe Strait|détroit d'Irbe|57.75|21.90|8
Western Approaches|Approches occidentales|48.80|-7.20|6
`;

const islands = `
Bornholm|Bornholm|55.12|14.92|6
Gotland|Gotland|57.45|18.50|5
Öland|Öland|56.75|16.68|6
Saaremaa|Saaremaa|58.42|22.50|6
Hiiumaa|Hiiumaa|58.88|22.65|6
Åland|Åland|60.22|19.95|6
Zealand|Seeland|55.50|11.85|6
Funen|Fionie|55.33|10.40|6
Jutland|Jutland|56.20|9.25|5
Lolland|Lolland|54.77|11.40|8
Falster|Falster|54.82|11.95|8
Langeland|Langeland|54.93|10.80|8
Samsø|Samsø|55.84|10.60|8
Anholt|Anholt|56.71|11.57|8
Læsø|Læsø|57.27|11.02|8
Fehmarn|Fehmarn|54.47|11.13|9
Rügen|Rügen|54.43|13.43|7
Christiansø|Christiansø|55.32|15.19|9
Gotska Sandön|Gotska Sandön|58.37|19.25|8
Heligoland|Heligoland|54.18|7.88|8
Shetland|Shetland|60.40|-1.30|5
Orkney|Orcades|59.00|-3.05|6
Hebrides|Hébrides|57.90|-6.95|6
Isle of Man|île de Man|54.23|-4.55|7
Isle of Wight|île de Wight|50.68|-1.30|8
Guernsey|Guernesey|49.46|-2.58|8
Jersey|Jersey|49.21|-2.13|8
Ushant|Ouessant|48.46|-5.10|8
Lofoten|Lofoten|68.20|13.80|6
`;

const ports = `
Copenhagen|Copenhague|55.68|12.58|5
Aarhus|Aarhus|56.15|10.22|6
Aalborg|Aalborg|57.05|9.92|7
Frederikshavn|Frederikshavn|57.44|10.54|7
Skagen|Skagen|57.72|10.59|7
Hirtshals|Hirtshals|57.59|9.96|8
Hanstholm|Hanstholm|57.12|8.62|8
Thyborøn|Thyborøn|56.70|8.22|8
Esbjerg|Esbjerg|55.47|8.45|6
Grenaa|Grenaa|56.41|10.92|8
Fredericia|Fredericia|55.57|9.75|8
Odense|Odense|55.40|10.39|7
Kalundborg|Kalundborg|55.68|11.09|8
Korsør|Korsør|55.33|11.14|9
Nyborg|Nyborg|55.31|10.79|9
Svendborg|Svendborg|55.06|10.61|9
Helsingør|Elseneur|56.04|12.61|8
Køge|Køge|55.46|12.18|9
Gedser|Gedser|54.58|11.93|8
Rødby|Rødby|54.69|11.39|9
Rønne|Rønne|55.10|14.70|7
Gothenburg|Göteborg|57.71|11.97|5
Varberg|Varberg|57.11|12.25|9
Halmstad|Halmstad|56.67|12.86|8
Helsingborg|Helsingborg|56.05|12.70|8
Malmö|Malmö|55.60|13.00|7
Trelleborg|Trelleborg|55.38|13.16|8
Ystad|Ystad|55.43|13.82|8
Karlshamn|Karlshamn|56.17|14.86|8
Karlskrona|Karlskrona|56.16|15.59|7
Kalmar|Kalmar|56.66|16.36|7
Visby|Visby|57.64|18.29|7
Norrköping|Norrköping|58.59|16.19|7
Nynäshamn|Nynäshamn|58.90|17.95|8
Stockholm|Stockholm|59.33|18.06|5
Gävle|Gävle|60.67|17.15|7
Sundsvall|Sundsvall|62.39|17.31|7
Umeå|Umeå|63.83|20.26|7
Luleå|Luleå|65.58|22.15|6
Oslo|Oslo|59.91|10.75|5
Fredrikstad|Fredrikstad|59.22|10.93|8
Larvik|Larvik|59.05|10.03|8
Kristiansand|Kristiansand|58.15|8.00|7
Stavanger|Stavanger|58.97|5.73|6
Haugesund|Haugesund|59.41|5.27|8
Bergen|Bergen|60.39|5.32|5
Ålesund|Ålesund|62.47|6.15|7
Trondheim|Trondheim|63.43|10.40|6
Bodø|Bodø|67.28|14.40|6
Narvik|Narvik|68.44|17.43|7
Tromsø|Tromsø|69.65|18.96|6
Kirkenes|Kirkenes|69.73|30.05|7
Kiel|Kiel|54.32|10.14|6
Flensburg|Flensbourg|54.78|9.44|8
Lübeck|Lübeck|53.87|10.69|7
Wismar|Wismar|53.89|11.46|8
Rostock|Rostock|54.09|12.13|6
Stralsund|Stralsund|54.31|13.08|8
Sassnitz|Sassnitz|54.52|13.64|8
Hamburg|Hambourg|53.55|9.99|5
Cuxhaven|Cuxhaven|53.87|8.70|8
Bremerhaven|Bremerhaven|53.55|8.58|7
Wilhelmshaven|Wilhelmshaven|53.52|8.12|7
Emden|Emden|53.37|7.21|8
Świnoujście|Świnoujście|53.91|14.25|7
Szczecin|Szczecin|53.43|14.55|7
Kołobrzeg|Kołobrzeg|54.18|15.57|8
Gdynia|Gdynia|54.52|18.53|7
Gdańsk|Gdańsk|54.35|18.65|6
Baltiysk|Baltiisk|54.65|19.91|8
Kaliningrad|Kaliningrad|54.71|20.51|6
Klaipėda|Klaipėda|55.70|21.14|6
Liepāja|Liepāja|56.51|21.01|7
Ventspils|Ventspils|57.39|21.56|7
Riga|Riga|56.95|24.11|5
Pärnu|Pärnu|58.39|24.50|8
Paldiski|Paldiski|59.36|24.05|8
Tallinn|Tallinn|59.44|24.75|5
Ust-Luga|Oust-Louga|59.67|28.42|8
St Petersburg|Saint-Pétersbourg|59.94|30.31|5
Primorsk|Primorsk|60.36|28.61|8
Vyborg|Vyborg|60.71|28.75|8
Kotka|Kotka|60.47|26.95|7
Helsinki|Helsinki|60.17|24.94|5
Hanko|Hanko|59.83|22.97|8
Turku|Turku|60.45|22.27|7
Mariehamn|Mariehamn|60.10|19.93|7
Rauma|Rauma|61.13|21.51|8
Vaasa|Vaasa|63.10|21.62|7
Oulu|Oulu|65.01|25.47|6
Kemi|Kemi|65.74|24.56|8
Rotterdam|Rotterdam|51.92|4.48|5
Amsterdam|Amsterdam|52.37|4.90|6
Den Helder|Le Helder|52.96|4.76|8
Vlissingen|Flessingue|51.44|3.57|8
Antwerp|Anvers|51.22|4.40|6
Zeebrugge|Zeebruges|51.33|3.20|8
Ostend|Ostende|51.22|2.92|8
Dunkirk|Dunkerque|51.03|2.38|7
Calais|Calais|50.95|1.86|7
Boulogne|Boulogne|50.73|1.61|8
Le Havre|Le Havre|49.49|0.11|6
Cherbourg|Cherbourg|49.64|-1.62|7
Saint-Malo|Saint-Malo|48.65|-2.03|8
Brest|Brest|48.39|-4.49|5
Lorient|Lorient|47.75|-3.37|7
Saint-Nazaire|Saint-Nazaire|47.27|-2.21|7
La Rochelle|La Rochelle|46.16|-1.15|7
Bordeaux|Bordeaux|44.84|-0.58|6
Bayonne|Bayonne|43.49|-1.48|8
Toulon|Toulon|43.12|5.93|6
Marseille|Marseille|43.30|5.37|5
Dover|Douvres|51.13|1.31|7
London|Londres|51.51|-0.13|5
Harwich|Harwich|51.94|1.29|8
Great Yarmouth|Great Yarmouth|52.61|1.73|8
Hull|Hull|53.74|-0.34|7
Newcastle|Newcastle|54.97|-1.61|7
Edinburgh|Édimbourg|55.95|-3.19|6
Aberdeen|Aberdeen|57.15|-2.09|6
Invergordon|Invergordon|57.69|-4.17|8
Kirkwall|Kirkwall|58.98|-2.96|8
Lerwick|Lerwick|60.15|-1.14|7
Stornoway|Stornoway|58.21|-6.39|8
Glasgow|Glasgow|55.86|-4.25|7
Belfast|Belfast|54.60|-5.93|6
Liverpool|Liverpool|53.41|-2.98|6
Holyhead|Holyhead|53.31|-4.63|8
Milford Haven|Milford Haven|51.71|-5.03|7
Plymouth|Plymouth|50.37|-4.14|6
Portsmouth|Portsmouth|50.80|-1.09|7
Southampton|Southampton|50.90|-1.40|7
Falmouth|Falmouth|50.15|-5.07|8
Dublin|Dublin|53.35|-6.26|5
Cork|Cork|51.90|-8.47|6
Galway|Galway|53.27|-9.05|7
Reykjavik|Reykjavik|64.15|-21.94|4
Tórshavn|Tórshavn|62.01|-6.77|5
Bilbao|Bilbao|43.26|-2.93|6
Gijón|Gijón|43.54|-5.66|7
Ferrol|Ferrol|43.48|-8.24|8
A Coruña|La Corogne|43.36|-8.41|6
Vigo|Vigo|42.24|-8.72|6
Porto|Porto|41.15|-8.61|6
Lisbon|Lisbonne|38.72|-9.14|4
Sines|Sines|37.96|-8.87|7
Cádiz|Cadix|36.53|-6.29|6
Gibraltar|Gibraltar|36.14|-5.35|6
Valencia|Valence|39.47|-0.38|6
Barcelona|Barcelone|41.39|2.16|5
Genoa|Gênes|44.41|8.93|5
Naples|Naples|40.85|14.27|5
Valletta|La Valette|35.90|14.51|5
Piraeus|Le Pirée|37.94|23.65|5
Murmansk|Mourmansk|68.97|33.08|5
Arkhangelsk|Arkhangelsk|64.54|40.54|5
Halifax|Halifax|44.65|-63.57|4
St John's|Saint-Jean|47.56|-52.71|4
New York|New York|40.71|-74.01|4
Norfolk|Norfolk|36.85|-76.29|5
Ponta Delgada|Ponta Delgada|37.74|-25.67|5
Las Palmas|Las Palmas|28.12|-15.43|5
`;

function parse(kind: Place['kind'], table: string): Place[] {
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [en, fr, lat, lon, zoom] = row.split('|') as [string, string, string, string, string];
      return { kind, en, fr, lat: Number(lat), lon: Number(lon), zoom: Number(zoom) };
    });
}

export const places: Place[] = [...parse('sea', seas), ...parse('island', islands), ...parse('port', ports)];
