using System.Text.Json;
using System.Text.Json.Nodes;

namespace Candor.Local;

/// <summary>What the page shows, and what does what it asks for.</summary>
internal interface IPageSource
{
    string RunId { get; }

    LocalStatus Status { get; }

    ProbeBoard Board { get; }

    PageHistory History { get; }

    /// <summary>What each pod says of itself.</summary>
    IReadOnlyDictionary<string, JsonElement> Verdicts { get; }

    /// <summary>The ways between pods and Services that were made to behave otherwise.</summary>
    IReadOnlyList<PageLink> Links { get; }

    /// <summary>The faults that go on.</summary>
    IReadOnlyList<MadeFault> Faults { get; }

    /// <summary>What the page showed, second by second.</summary>
    PageRecorder Recorder { get; }

    /// <summary>What the facts are of: another object when they may be other ones.</summary>
    object FactsOf { get; }

    /// <summary>See <see cref="PageFacts"/>; made anew each time.</summary>
    JsonObject Facts { get; }

    /// <summary>Reads logs.</summary>
    LocalClient Client { get; }

    /// <summary>Does it, and says what.</summary>
    /// <exception cref="LocalException">It cannot be done.</exception>
    Task<string> ActAsync(PageAction action);

    /// <summary>See <see cref="Supervisor.Unexpected"/>.</summary>
    string Unexpected(string what, Exception exception);
}

/// <summary>What a click asks for.</summary>
/// <param name="Action"><c>restart</c>, <c>undo</c>, <c>scale</c>, <c>drain</c>, <c>kill</c>, <c>link</c>, <c>fault</c>, <c>end-fault</c> or <c>doctor</c>.</param>
/// <param name="Target">The workload or pod; for the doctor, nothing asks about the whole stack.</param>
/// <param name="Replicas">How many, to scale.</param>
/// <param name="Service">The Service, for a link.</param>
/// <param name="Mode">What the link shall do.</param>
/// <param name="DelayMilliseconds">How late, when it is slow.</param>
/// <param name="Share">Which share of what is sent resets its connection, when it is resetting.</param>
/// <param name="Fault">The fault of the catalogue, by name.</param>
internal sealed record PageAction(
    string Action,
    string Target = "",
    int Replicas = 0,
    string Service = "",
    LinkMode Mode = LinkMode.Open,
    int DelayMilliseconds = 0,
    double Share = 0,
    string Fault = "");

/// <summary>A way that was made to behave otherwise.</summary>
internal sealed record PageLink(string From, string Service, LinkMode Mode);
