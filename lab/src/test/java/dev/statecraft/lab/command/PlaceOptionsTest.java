package dev.statecraft.lab.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceOptionsTest {

  @Test
  void anAddressMayEndInASlash() {
    assertThat(PlaceOptions.address("https://shop.example.com/")).isEqualTo(URI.create("https://shop.example.com"));
    assertThat(PlaceOptions.address("http://127.0.0.1:8080")).isEqualTo(URI.create("http://127.0.0.1:8080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop.example.com", "ftp://shop.example.com", "http://", "http://shop/redis", "http://a b",
    "http://shop?x=1"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> PlaceOptions.address(text)).isInstanceOf(BadInput.class).hasMessageContaining(text);
  }
}
