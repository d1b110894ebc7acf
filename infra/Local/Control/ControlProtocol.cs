using System.Text.Json;
using System.Text.Json.Serialization;

namespace Candor.Local;

/// <summary>
/// The lines that client and supervisor exchange over the control socket: one request, then any number of events, then one answer.
/// </summary>
internal static class ControlProtocol
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
}

/// <summary>What a client asks for.</summary>
/// <param name="Verb">
/// <c>status</c>, <c>events</c>, <c>down</c>, <c>restart</c>, <c>undo</c>, <c>scale</c>, <c>drain</c>, <c>link</c>, <c>exec</c> or
/// <c>apply</c>.
/// </param>
/// <param name="Target">The workload or pod; empty for the only one.</param>
/// <param name="Number">The number of replicas.</param>
/// <param name="Now">Whether to end without grace.</param>
/// <param name="Plan">The new Plan's file.</param>
/// <param name="Service">The Service whose links are meant.</param>
/// <param name="Link">What they shall do.</param>
/// <param name="Command">What is run in the pod.</param>
/// <param name="Programs">What stands for the new Plan's images; null for what stood for the one before.</param>
internal sealed record ControlRequest(
    string Verb,
    string Target = "",
    int Number = 0,
    bool Now = false,
    string? Plan = null,
    string Service = "",
    LinkSetting? Link = null,
    IReadOnlyList<string>? Command = null,
    IReadOnlyDictionary<string, LocalProgram>? Programs = null);

/// <summary>One line of an answer.</summary>
/// <param name="Event">Something that happened meanwhile.</param>
/// <param name="Status">The answer, when it is a status.</param>
/// <param name="Done">The answer, when it is a sentence.</param>
/// <param name="Error">Why it cannot be done.</param>
internal sealed record ControlAnswer(LocalEvent? Event = null, LocalStatus? Status = null, string? Done = null, string? Error = null);
