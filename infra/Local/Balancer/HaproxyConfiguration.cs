using System.Globalization;
using System.Net;
using System.Text;
using Candor.Contract;

namespace Candor.Local;

/// <summary>Renders target groups and listeners as an HAProxy configuration that behaves as an ALB does.</summary>
internal static class HaproxyConfiguration
{
    /// <summary>Targets that one target group can hold.</summary>
    public const int Slots = 40;

    /// <summary>
    /// An ALB's timeout for connecting to a target
    /// (<see href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues">user guide</see>).
    /// </summary>
    private static readonly TimeSpan _connect = TimeSpan.FromSeconds(10);

    /// <summary>The backend that takes over when a group fails open.</summary>
    public static string OpenBackend(string targetGroup) => targetGroup + "-open";

    /// <summary>The whole configuration.</summary>
    /// <param name="groups">The target groups.</param>
    /// <param name="listeners">The listeners.</param>
    /// <param name="speed">What an ALB's own durations are divided by.</param>
    /// <param name="socket">Where the admin socket is made.</param>
    /// <param name="source">Where checks and requests come from, or null for wherever the system takes.</param>
    /// <param name="registered">
    /// The targets of the process that this one takes over from. A healthy one serves from the first request on, and so does every
    /// one when the group fails open; nothing else is sent to one that is not healthy.
    /// </param>
    public static string Render(
        IReadOnlyList<TargetGroupSpec> groups, IReadOnlyList<ListenerEndpoint> listeners, double speed, string socket, IPAddress? source,
        IReadOnlyList<TargetRegistry.Target> registered)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            global
                stats socket {Word(socket)} mode 600 level admin expose-fd listeners
                log stdout format raw daemon notice
                nbthread 2
                maxconn 8000

            defaults
                mode http
                log global
                option http-keep-alive
                # Whoever takes over: no connection is closed that a request may just have been sent over, only with an answer.
                option idle-close-on-response
                option forwardfor
                http-reuse safe
                # An ALB does not send a request again, so a rollout that drops one must show here too.
                retries 0
            """);
        foreach (var (listener, endpoint) in listeners)
        {
            Listener(text, listener, endpoint, groups.First(group => group.Name == listener.TargetGroup));
        }

        foreach (var group in groups)
        {
            var idle = listeners.Where(l => l.Listener.TargetGroup == group.Name)
                .Select(l => l.Listener.IdleTimeout)
                .FirstOrDefault(TimeSpan.FromSeconds(60));
            Group(
                text,
                group,
                idle,
                _connect.Scale(speed),
                source is null ? string.Empty : $"\n    source {source}",
                [.. registered.Where(t => t.Wanted.TargetGroup == group.Name)]);
        }

        return text.ToString();
    }

    private static void Listener(StringBuilder text, ListenerSpec listener, IPEndPoint endpoint, TargetGroupSpec group)
    {
        var few = string.Create(CultureInfo.InvariantCulture, $"{{ nbsrv({group.Name}) lt {group.MinimumHealthy} }}");
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            frontend {listener.Name}
                bind {endpoint}
                timeout client {Milliseconds(listener.IdleTimeout)}
                timeout http-keep-alive {Milliseconds(listener.IdleTimeout)}
                http-request set-header X-Forwarded-Proto http
                http-request set-header X-Forwarded-Port {listener.Port}
                # Fewer healthy targets than the minimum: all of them, as an ALB fails open.
                use_backend {OpenBackend(group.Name)} if {few}
                default_backend {group.Name}
            """);
    }

    private static void Group(
        StringBuilder text,
        TargetGroupSpec group,
        TimeSpan idle,
        TimeSpan connect,
        string source,
        IReadOnlyList<TargetRegistry.Target> registered)
    {
        var slowStart = group.SlowStart > TimeSpan.Zero ? $" slowstart {Milliseconds(group.SlowStart)}" : string.Empty;
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            backend {group.Name}
                balance {Algorithm(group.Algorithm)}{source}
                timeout connect {Milliseconds(connect)}
                timeout server {Milliseconds(idle)}
            """);
        Servers(text, group, registered, target => slowStart + (target is { State: TargetState.Healthy } ? string.Empty : " disabled"));
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            backend {OpenBackend(group.Name)}
                balance {Algorithm(group.Algorithm)}{source}
                timeout connect {Milliseconds(connect)}
                timeout server {Milliseconds(idle)}
            """);
        Servers(text, group, registered, target => target is null ? " disabled" : string.Empty);
    }

    private static void Servers(
        StringBuilder text,
        TargetGroupSpec group,
        IReadOnlyList<TargetRegistry.Target> registered,
        Func<TargetRegistry.Target?, string> options)
    {
        for (var number = 1; number <= Slots; number++)
        {
            var target = registered.FirstOrDefault(t => t.Number == number);
            var (address, port) = target is null ? ("127.0.0.1", group.Port) : (target.Wanted.Address, target.Wanted.Port);
            text.AppendLine(CultureInfo.InvariantCulture, $"    server t{number} {address}:{port}{options(target)}");
        }
    }

    /// <summary>A path as one word, whatever its folders are called.</summary>
    private static string Word(string path) =>
        string.Concat(path.Select(character => character is ' ' or '\\' or '"' or '\'' or '#' ? $"\\{character}" : character.ToString()));

    private static string Algorithm(string algorithm) => algorithm switch
    {
        "least_outstanding_requests" => "leastconn",
        "weighted_random" => "random",
        _ => "roundrobin",
    };

    private static string Milliseconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)time.TotalMilliseconds)}ms");
}
