package dev.statecraft.gateway.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieHeaderTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"N=1|1|''", "a=2; N=1|1|a=2", "N=1; a=2|1|a=2", "a=2; N=1; b=3|1|a=2; b=3",
    "a=2;N=1;b=3|1|a=2; b=3", "N=1; N=9|1|''", "XN=5; N=1|1|XN=5", "NX=5; N=1|1|NX=5", "a=N=7; N=1|1|a=N=7",
    "a=2|NULL|a=2", "N|NULL|N", "N=|''|''"}, nullValues = "NULL")
  void oneCookieIsFoundAndRemovedAndTheOthersStay(String header, String value, String rest) {
    assertThat(CookieHeader.value(header, "N")).isEqualTo(value);
    assertThat(CookieHeader.without(header, "N")).isEqualTo(rest);
  }
}
