package dev.statecraft.gateway.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieHeaderTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"N=1|1|''", "a=2; N=1|1|a=2", "N=1; a=2|1|a=2", "a=2; N=1; b=3|1|a=2; b=3",
    "a=2;N=1;b=3|1|a=2; b=3", "N=1; N=9|1,9|''", "XN=5; N=1|1|XN=5", "NX=5; N=1|1|NX=5", "a=N=7; N=1|1|a=N=7",
    "a=2|NONE|a=2", "N|NONE|N", "N=|''|''"})
  void findsAndRemovesCookiesByName(String line, String values, String others) {
    assertThat(CookieHeader.values(List.of(line), "N"))
        .isEqualTo(values.equals("NONE") ? List.of() : List.of(values.split(",", -1)));
    assertThat(CookieHeader.without(List.of(line), "N")).isEqualTo(others);
  }

  /** Each number is a cookie: 0 to 2 have the name N, the others do not. A line ends after each even position. */
  @Property
  void keepsOrderOverAnyNumberOfLines(@ForAll @Size(max = 12) List<@IntRange(max = 9) Integer> cookies) {
    List<String> lines = new ArrayList<>();
    List<String> named = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < cookies.size(); i++) {
      int cookie = cookies.get(i);
      String text = (cookie < 3 ? "N=" : "other" + cookie + '=') + i;
      if (cookie < 3) {
        named.add(Integer.toString(i));
      } else {
        others.add(text);
      }
      if (i % 2 == 0) {
        lines.add(text);
      } else {
        lines.set(lines.size() - 1, lines.getLast() + "; " + text);
      }
    }
    assertThat(CookieHeader.values(lines, "N")).isEqualTo(named);
    assertThat(CookieHeader.without(lines, "N")).isEqualTo(String.join("; ", others));
  }
}
