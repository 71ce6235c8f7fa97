package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({"10.0.0.0/8,10.255.0.1,true", "10.0.0.0/8,11.0.0.1,false", "192.168.4.0/22,192.168.7.255,true",
    "192.168.4.0/22,192.168.8.0,false", "192.168.4.0/23,192.168.6.0,false", "10.1.2.3,10.1.2.3,true",
    "10.1.2.3,10.1.2.2,false", "0.0.0.0/0,8.8.8.8,true", "0.0.0.0/0,::1,false", "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false", "10.0.0.0/8,::ffff:10.1.1.1,true", "10.0.0.0/8,unknown,false",
    "10.0.0.0/8,10.1,false", "::/0,2001:db8::1,true", "::/0,10.0.0.1,false",
    "::ffff:10.0.0.1,10.0.0.1,true", "2001:db8::1,2001:db8:0:0:0:0:0:1,true", "2001:db8::1,2001:db8::2,false"})
  void containsOnlyItsAddresses(String block, String address, boolean contained) {
    assertThat(AddressBlock.parse(block).contains(address)).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.1/8", "example.org/8", "::/129",
    "::ffff:10.0.0.0/104", "2001:db8::1/64", "0.0.0.1/0"})
  void rejectsInvalidBlock(String text) {
    assertThatThrownBy(() -> AddressBlock.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
