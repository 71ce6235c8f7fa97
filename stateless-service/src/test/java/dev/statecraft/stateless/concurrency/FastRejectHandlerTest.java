package dev.statecraft.stateless.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastRejectHandlerTest {
  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: any\r\n\r\n",
    "GET /work?wait=100 HTTP/1.1\r\nHost: any\r\nAccept: */*\r\n\r\n",
    "GET /whoami HTTP/1.1\r\nHost: any\r\nConnection: keep-alive\r\n\r\n"})
  void completeGetWithoutBodyIsSimple(String request) {
    assertThat(FastRejectHandler.isSimple(request)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET ", "GET /", "\r\n\r\n", "GET / HTTP/1.1\r\nHost: an",
    "GET / HTTP/1.1\r\nHost: any\r\n\r\nGET", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: any\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: any\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: any\r\n\r\n", "GET http://any/ HTTP/1.1\r\nHost: any\r\n\r\n",
    "GET /actuator/health HTTP/1.1\r\nHost: any\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: any\r\nContent-Length: 3\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: any\r\nTransfer-encoding: chunked\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: any\r\nContent-Length : 3\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: any\r\nExpect: 100-continue\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: any\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\nHost: any\n\n"})
  void otherRequestsAreNotSimple(String request) {
    assertThat(FastRejectHandler.isSimple(request)).isFalse();
  }
}
