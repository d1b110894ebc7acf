using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Candor.Doctor.Model;

namespace Candor.Doctor.Output;

/// <summary>A diagnosis as JSON, for programs.</summary>
public static class DiagnosisJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Writes the diagnosis.</summary>
    public static string Write(Diagnosis diagnosis) => JsonSerializer.Serialize(diagnosis, Options) + "\n";
}
