package dev.statecraft.session.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.collection;

import jakarta.servlet.http.Cookie;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;

/** The session attributes of Spring Security's form login, with the codec that lists no type. */
class SecurityAttributesTest {
  private static final AttributeCodec CODEC = new AttributeCodec(List.of());

  static Stream<Object> values() {
    List<GrantedAuthority> authorities = List.of(new SimpleGrantedAuthority("ROLE_USER"),
        FactorGrantedAuthority.withAuthority("FACTOR_PASSWORD").issuedAt(Instant.parse("2026-01-02T03:04:05Z"))
            .build());
    UserDetails user = User.withUsername("ada").password("{noop}x").authorities(authorities).build();
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/account");
    request.setQueryString("page=1");
    request.addParameter("page", "1");
    request.addHeader("Accept", "text/html");
    request.addPreferredLocale(Locale.GERMANY);
    request.setCookies(new Cookie("a", "b"));
    UsernamePasswordAuthenticationToken formLogin = UsernamePasswordAuthenticationToken.authenticated(
        user, null, authorities);
    formLogin.setDetails(new WebAuthenticationDetails("127.0.0.1", "some-session"));
    RememberMeAuthenticationToken rememberMe = new RememberMeAuthenticationToken("key", user, authorities);
    return Stream.of(
        new SecurityContextImpl(formLogin),
        new SecurityContextImpl(rememberMe),
        new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated("ada", null, authorities)),
        new SecurityContextImpl(new PreAuthenticatedAuthenticationToken(user, "x", authorities)),
        new SecurityContextImpl(new AnonymousAuthenticationToken("key", "anonymous", authorities)),
        new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", UUID.randomUUID().toString()),
        new DefaultSavedRequest(request),
        new BadCredentialsException("Bad credentials"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void readsWhatSpringSecurityStores(Object value) {
    Object read = CODEC.decode(CODEC.encode(CODEC.accept("any", value, null))).value();

    assertThat(read).hasSameClassAs(value);
    assertThat(CODEC.accept("any", read, null)).as("can be stored again").isNotNull();
    if (value instanceof SecurityContextImpl expected && read instanceof SecurityContextImpl context) {
      Authentication user = Objects.requireNonNull(context.getAuthentication());
      Authentication expectedUser = Objects.requireNonNull(expected.getAuthentication());
      assertThat(user).hasSameClassAs(expectedUser);
      assertThat(user.getPrincipal()).isEqualTo(expectedUser.getPrincipal());
      if (expectedUser.getDetails() != null) {
        assertThat(user.getDetails()).isEqualTo(expectedUser.getDetails());
      }
      assertThat(user.isAuthenticated()).isTrue();
      assertThat(user.getAuthorities()).asInstanceOf(collection(GrantedAuthority.class))
          .containsExactlyInAnyOrderElementsOf(expectedUser.getAuthorities());
    }
  }

  @Test
  void savedRequestKeepsItsTarget() {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/account");
    request.addHeader("Accept", "text/html");

    assertThat(CODEC.decode(CODEC.encode(new DefaultSavedRequest(request))).value())
        .isInstanceOfSatisfying(DefaultSavedRequest.class, read -> {
          assertThat(read.getRedirectUrl()).isEqualTo("http://localhost/account");
          assertThat(read.getHeaderValues("accept")).containsExactly("text/html");
        });
  }

  @Test
  void savedRequestAndLoginStoreNoCredentials() {
    String token = "T".repeat(2_000);
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/account");
    request.setCookies(new Cookie("SESSION", token));
    request.addHeader("Cookie", "SESSION=" + token);
    UsernamePasswordAuthenticationToken login = UsernamePasswordAuthenticationToken.authenticated("ada", null,
        List.of());
    login.setDetails(new WebAuthenticationDetails("127.0.0.1", token));

    for (Object value : List.of(new DefaultSavedRequest(request), new SecurityContextImpl(login))) {
      byte[] stored = CODEC.encode(CODEC.accept("any", value, null));
      assertThat(stored).asString().doesNotContain(token);
      assertThat(CODEC.decode(stored).value()).hasSameClassAs(value);
    }
  }

  @Test
  void otherTypesOfTheLibraryAreRefused() {
    assertThatExceptionOfType(UnreadableAttributeException.class).isThrownBy(() -> CODEC.decode(
        "{\"@class\":\"org.springframework.security.authentication.ProviderManager\"}".getBytes(UTF_8)));
  }
}
