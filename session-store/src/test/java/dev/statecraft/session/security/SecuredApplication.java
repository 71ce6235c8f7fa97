package dev.statecraft.session.security;

import java.security.Principal;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;
import org.springframework.session.security.web.authentication.SpringSessionRememberMeServices;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An ordinary application with form login, remember-me, and one session for each user where the store can find them.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SecuredApplication {
  /** The lowest strength, because the default would take much of the tests' CPU time. */
  @Bean
  PasswordEncoder passwords() {
    return new BCryptPasswordEncoder(4);
  }

  @Bean
  UserDetailsService users(PasswordEncoder passwords) {
    String secret = passwords.encode("secret");
    return new InMemoryUserDetailsManager(
        User.withUsername("ada").password(secret).roles("USER").build(),
        User.withUsername("bob").password(secret).roles("USER").build());
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, SessionRepository<? extends Session> sessions) {
    http
        .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .formLogin(Customizer.withDefaults())
        .logout(Customizer.withDefaults())
        .rememberMe(remember -> remember.rememberMeServices(new SpringSessionRememberMeServices()));
    if (sessions instanceof FindByIndexNameSessionRepository<? extends Session> byName) {
      http.sessionManagement(management -> management.maximumSessions(1)
          .sessionRegistry(new SpringSessionBackedSessionRegistry<>(byName)));
    }
    return http.build();
  }

  /** Shows who is logged in. */
  @RestController
  static final class Page {
    @GetMapping("/page")
    String show(Principal user) {
      return "Hello " + user.getName();
    }
  }
}
